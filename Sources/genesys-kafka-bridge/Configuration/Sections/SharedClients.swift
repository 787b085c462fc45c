/// Finds tenants of channels with one OAuth client: what it may have is for all of them together (C7).
struct SharedClients {
    private struct Client: Hashable {
        var id: String
        var login: Endpoint
    }

    /// The first tenant of each client.
    private var tenants: [Client: String] = [:]

    /// The tenant that stands at `reader`.
    mutating func add(_ tenant: TenantConfiguration, at reader: MappingReader) {
        guard tenant.streamProtocol == .channels else { return }
        let client = Client(id: tenant.credentials.clientID, login: tenant.endpoints.login)
        guard let first = self.tenants[client] else {
            self.tenants[client] = tenant.name
            return
        }
        reader.warn(
            "credentials",
            "the OAuth client of tenant \(first), too: the two take each other's channels away where together they need "
                + "more than it may have",
            "give each a client of its own"
        )
    }
}
