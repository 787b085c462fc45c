public import BridgeCore
internal import NIOHTTP1

/// The REST calls about channels (section 2 of the dialect), over the budget that the tenant's other calls share (C9).
public struct PlatformChannels: ChannelService {
    static let path = "/api/v2/notifications/channels"

    private let client: RESTClient
    private let timeout: Duration
    private let redaction: Redaction?

    /// Calls through `client`, each within `timeout`, whatever is tried again and however long the budget holds it back. The ids that
    /// `redaction` hides are in none of the reasons that it gives.
    public init(client: RESTClient, timeout: Duration = .seconds(60), redaction: Redaction? = nil) {
        self.client = client
        self.timeout = timeout
        self.redaction = redaction
    }

    /// Makes a channel.
    public func create(token: AccessToken) async throws(ChannelFailure) -> NotificationChannel {
        let body = try await self.send(RESTRequest(.POST, path: Self.path), token: token)
        guard let fields = JSONFields(body.span), let channel = Self.channel(fields) else {
            throw .unavailable(reason: "POST \(Self.path): the answer is no channel")
        }
        return channel
    }

    /// Whether the channel is still valid.
    public func isValid(
        _ channel: NotificationChannel,
        token: AccessToken
    ) async throws(ChannelFailure) -> Bool {
        do throws(ChannelFailure) {
            _ = try await self.send(Self.request(.HEAD, channel), token: token)
            return true
        } catch .gone {
            return false
        }
    }

    /// Changes the channel's subscriptions with `ignoreErrors=true`, so that a rejected topic leaves the others alone. One verdict for each
    /// of `topics`, in their order: every topic's own state decides, and one that the answer leaves out is not subscribed.
    public func subscribe(
        _ channel: NotificationChannel,
        to topics: [String],
        mode: SubscriptionMode,
        token: AccessToken
    ) async throws(ChannelFailure) -> [TopicVerdict] {
        var request: RESTRequest
        switch mode {
        case .replace: request = Self.request(.PUT, channel, "/subscriptions")
        case .add: request = Self.request(.POST, channel, "/subscriptions")
        }
        request.query = "ignoreErrors=true"
        request.secrets += self.redaction?.hiddenIDs(topics) ?? []
        request.body = "[\(topics.map { "{\"id\":\(JSONText.string($0))}" }.joined(separator: ","))]"
        let body = try await self.send(request, token: token)
        var rejections: [String: String?] = [:]
        for entity in try Self.entities(body, of: request.shown) {
            guard let id = entity.text("id") else { continue }
            rejections[id] = .some(self.rejection(entity, of: id, channel, token))
        }
        return topics.map { topic in
            TopicVerdict(topic: topic, rejection: Self.rejection(of: topic, in: rejections))
        }
    }

    /// Why the server does not bring a topic; nil where it does. An answer that names what a combined topic stands for in its place has to name
    /// and to permit all of that.
    private static func rejection(of topic: String, in rejections: [String: String?]) -> String? {
        if let named = rejections[topic] { return named }
        let unnamed = "the answer does not name it"
        guard let combined = CombinedTopic(topic) else { return unnamed }
        return combined.topics.lazy.compactMap { topic -> String? in rejections[topic] ?? unnamed }.first
    }

    // MARK: Inside

    /// A request about one channel, whose id is a credential: it is shown nowhere.
    private static func request(
        _ method: HTTPMethod,
        _ channel: NotificationChannel,
        _ tail: String = ""
    ) -> RESTRequest {
        RESTRequest(
            method,
            path: "\(Self.path)/\(PercentEncoding.encode(channel.id.revealed))\(tail)",
            shownPath: "\(Self.path)/{id}\(tail)",
            secrets: [channel.id, channel.connectURI]
        )
    }

    private func send(_ request: RESTRequest, token: AccessToken) async throws(ChannelFailure) -> [UInt8] {
        do throws(RESTFailure) {
            return try await self.client.send(
                request,
                token: token,
                deadline: self.client.deadline(in: self.timeout)
            )
        } catch {
            throw Self.failure(error, of: request)
        }
    }

    private static func failure(_ failure: RESTFailure, of request: RESTRequest) -> ChannelFailure {
        let reason = "\(request.shown): \(failure.reason)"
        switch failure.kind {
        case .unauthorized: return .unauthorized(reason: reason)
        case .notFound: return .gone(reason: reason)
        case .forbidden, .refused: return .refused(reason: reason)
        case .throttled: return .throttled(retryAfterSeconds: failure.retryAfterSeconds, reason: reason)
        case .transient, .unusable, .cancelled: return .unavailable(reason: reason)
        }
    }

    private static func channel(_ fields: JSONFields) -> NotificationChannel? {
        guard let id = fields.text("id"), let uri = fields.text("connectUri") else { return nil }
        let expires = fields.text("expires").map { Array($0.utf8) }
        return NotificationChannel(
            id: Secret(id),
            connectURI: Secret(uri),
            expiresAtMilliseconds: expires.flatMap { DateTime.milliseconds(of: $0.span) }
        )
    }

    /// Older answers have no state: what they list is subscribed.
    private func rejection(
        _ entity: JSONFields,
        of topic: String,
        _ channel: NotificationChannel,
        _ token: AccessToken
    ) -> String? {
        guard let state = entity.text("state"), state.lowercased() != "permitted" else { return nil }
        let why = [state, entity.text("rejectionReason") ?? ""].filter { !$0.isEmpty }.joined(separator: ": ")
        let hiddenIDs = self.redaction?.hiddenIDs([topic]) ?? []
        return PeerText.shown(why, hiding: [channel.id, channel.connectURI, token.secret] + hiddenIDs)
    }

    private static func entities(_ body: [UInt8], of what: String) throws(ChannelFailure) -> [JSONFields] {
        switch EntityListing.read(body) {
        case .success(let listing): return listing.entities
        case .failure(let failure): throw .unavailable(reason: "\(what): \(failure.reason)")
        }
    }
}
