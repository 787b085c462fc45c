/// Lists a tenant's resources (S5.5). Implemented by the adapter of the platform API.
public protocol ResourceDirectory: Sendable {
    /// The ids of all resources that match `query`, each once, in the server's order. All pages or a failure: never a part.
    func resourceIDs(
        matching query: ResourceQuery,
        token: AccessToken
    ) async throws(DirectoryFailure) -> [String]
}
