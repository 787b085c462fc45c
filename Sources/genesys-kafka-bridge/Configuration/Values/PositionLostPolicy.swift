/// What a stream does whose position the server no longer has (S4.10).
enum PositionLostPolicy: String, CaseIterable, Sendable {
    /// Records the gap and starts at the server's present.
    case `continue`
    /// Stops the tenant: somebody must decide.
    case fail
}
