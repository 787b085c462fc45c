/// What a stream does when the server no longer has its position (S4.10).
enum PositionLostPolicy: String, CaseIterable, Sendable {
    /// Goes on at the server's present, and says that there is a gap.
    case `continue`
    /// Stops the tenant: somebody must decide.
    case fail
}
