/// Why the admin server does not run.
public struct AdminServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address it was to listen on, `host:port`.
    public var address: String
    /// What went wrong.
    public var reason: String

    /// An error at `address`.
    public init(address: String, reason: String) {
        self.address = address
        self.reason = reason
    }

    /// What went wrong, where.
    public var description: String { "the admin server cannot listen on \(self.address): \(self.reason)" }
}
