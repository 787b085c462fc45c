public import BridgeCore

/// The URL of an upgrade (S1.1–S1.3). It holds the access token: every way of printing it shows the server alone
/// (S1.6).
public struct StreamURL: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The path of the stream.
    public static let path = "/api/v2/notifications/stream"
    /// What a token counts as when subscriptions are planned, encoded, in bytes (S3.5): nobody knows the next one's
    /// length.
    public static let tokenByteAllowance = 1024
    /// What a resume point counts as when subscriptions are planned, with its name, encoded, in bytes.
    public static let positionByteAllowance = 256

    /// The server.
    public let endpoint: Endpoint
    /// Path and query as they stand in the request line, percent-encoded.
    public let requestTarget: Secret

    /// The URL that opens a stream of `subscriptions`, behind `position` or at the server's present.
    public init(
        endpoint: Endpoint,
        token: Secret,
        subscriptions: [SubscriptionTopic],
        settings: StreamSettings,
        position: Position?
    ) {
        var target = "\(Self.path)?access_token=\(PercentEncoding.encode(token.revealed))"
        for subscription in subscriptions {
            target += Self.parameter(subscription)
        }
        target += "&maxBatchSize=\(settings.maxBatchSize)&maxLatency=\(settings.maxLatencyMilliseconds)"
        if let position {
            target += "&\(position.kind.rawValue)=\(PercentEncoding.encode(position.value))"
        }
        self.endpoint = endpoint
        self.requestTarget = Secret(target)
    }

    /// How many bytes the URL has.
    public var byteCount: Int {
        self.endpoint.webSocketURL.utf8.count + self.requestTarget.revealed.utf8.count
    }

    /// How many bytes a subscription adds to a URL (S3.5).
    public static func byteCount(of topic: SubscriptionTopic) -> Int {
        Self.parameter(topic).utf8.count
    }

    /// How many bytes a URL without subscriptions can have, with the fixed allowances for what is not known beforehand
    /// (S3.5). What it has with some is this and the sum of their `byteCount(of:)`.
    public static func baseByteCount(endpoint: Endpoint, settings: StreamSettings) -> Int {
        let url = StreamURL(
            endpoint: endpoint,
            token: Secret(""),
            subscriptions: [],
            settings: settings,
            position: nil
        )
        return url.byteCount + Self.tokenByteAllowance + Self.positionByteAllowance
    }

    /// How many bytes a URL with `subscriptions` can have, with the same allowances.
    public static func plannedByteCount(
        endpoint: Endpoint,
        subscriptions: [SubscriptionTopic],
        settings: StreamSettings
    ) -> Int {
        subscriptions.reduce(Self.baseByteCount(endpoint: endpoint, settings: settings)) {
            $0 + Self.byteCount(of: $1)
        }
    }

    /// `topic` as a parameter, with the `&` before it.
    static func parameter(_ topic: SubscriptionTopic) -> String {
        "&subscriptions=\(PercentEncoding.encode(topic.json))"
    }

    /// The server and the path, without the query.
    public var description: String { "\(self.endpoint.webSocketURL)\(Self.path)" }
    /// The same as `description`.
    public var debugDescription: String { self.description }
    /// The server.
    public var customMirror: Mirror { Mirror(self, children: ["endpoint": self.endpoint]) }
}
