/// What a stream without a committed position does (S2.2).
enum MissingCheckpointPolicy: String, CaseIterable, Sendable {
    /// Starts at the server's present.
    case start
    /// Stops the tenant: somebody must decide.
    case fail
}
