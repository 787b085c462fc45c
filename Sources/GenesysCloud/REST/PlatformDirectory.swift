public import BridgeCore
public import Logging

/// Lists a tenant's resources through the public API (S5.5): `GET /api/v2/routing/queues`, `GET /api/v2/users`.
public struct PlatformDirectory: ResourceDirectory {
    /// A list that changes while it is read is begun again, until this often.
    static let walksMax = 3

    private let client: RESTClient
    private let resourcesMax: Int
    private let timeout: Duration
    private let logger: Logger

    /// A directory that asks `client`. Of a list above `resourcesMax` resources, matching or not, nothing is returned;
    /// one listing takes at most `timeout`, the budget's pauses included.
    public init(
        client: RESTClient,
        resourcesMax: Int = 10_000,
        timeout: Duration = .seconds(300),
        logger: Logger
    ) {
        self.client = client
        self.resourcesMax = resourcesMax
        self.timeout = timeout
        self.logger = logger
    }

    /// The ids of all resources that match `query`, each once, in the server's order. All pages or a failure: never a
    /// part.
    public func resourceIDs(
        matching query: ResourceQuery,
        token: AccessToken
    ) async throws(DirectoryFailure) -> [String] {
        let deadline = self.client.deadline(in: self.timeout)
        var what = ""
        for _ in 0..<Self.walksMax {
            switch try await self.walk(query, token: token, deadline: deadline) {
            case .done(let ids): return ids
            case .changed(let reason): what = reason
            case .fail(let reason): throw .unavailable(reason: "listing \(query.kind.rawValue): \(reason)")
            case .ask: preconditionFailure("a walk ends with what it found")
            }
            self.logger.debug("the list of \(query.kind.rawValue) changed while it was read: \(what)")
        }
        let often = "the list changed each of \(Self.walksMax) times it was read"
        throw .unavailable(reason: "listing \(query.kind.rawValue): \(often): \(what)")
    }

    private func walk(
        _ query: ResourceQuery,
        token: AccessToken,
        deadline: Instant
    ) async throws(DirectoryFailure) -> PageWalk.Action {
        var walk = PageWalk(namePattern: query.namePattern, resourcesMax: self.resourcesMax)
        var action = walk.first
        while case .ask(let page) = action {
            do throws(RESTFailure) {
                let body = try await self.client.get(
                    Self.path(of: query.kind),
                    query: "pageSize=\(PageWalk.pageSize)&pageNumber=\(page)",
                    token: token,
                    deadline: deadline
                )
                action = walk.received(try ResourcePage.read(body).get())
            } catch {
                throw Self.failure(error, of: query.kind)
            }
        }
        return action
    }

    private static func path(of kind: ResourceQuery.Kind) -> String {
        switch kind {
        case .queues: "/api/v2/routing/queues"
        case .users: "/api/v2/users"
        }
    }

    private static func failure(_ failure: RESTFailure, of kind: ResourceQuery.Kind) -> DirectoryFailure {
        let reason = "listing \(kind.rawValue): \(failure.reason)"
        switch failure.kind {
        case .unauthorized: return .unauthorized(reason: reason)
        case .forbidden: return .forbidden(reason: "\(reason) (\(RequiredScopes.scope(of: kind)) is needed)")
        case .notFound, .throttled, .transient, .refused, .unusable, .cancelled: return .unavailable(reason: reason)
        }
    }
}
