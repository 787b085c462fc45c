/// One resumable socket of a tenant. Its description, `<tenant>/<stream>`, is the key of its checkpoint.
public struct StreamID: Hashable, Sendable, CustomStringConvertible {
    /// The tenant's name.
    public var tenant: String
    /// The stream's name within the tenant.
    public var stream: String

    /// The stream `stream` of `tenant`.
    public init(tenant: String, stream: String) {
        self.tenant = tenant
        self.stream = stream
    }

    /// `<tenant>/<stream>`.
    public var description: String { "\(self.tenant)/\(self.stream)" }
}
