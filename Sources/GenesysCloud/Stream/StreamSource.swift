public import BridgeCore
internal import Locking
public import Logging
public import WebSocketClient

/// Opens the sockets of one stream (S1.1).
///
/// *Receives* a resume point and a token. *Hands to* the session a connection. *Holds at most* nothing between calls.
public final class StreamSource: NotificationSource {
    private let connector: WebSocketConnector
    private let endpoint: Endpoint
    private let settings: StreamSettings
    private let redaction: Redaction?
    private let counters: StreamCounters
    private let secondsSince1970: @Sendable () -> Int64
    private let logger: Logger
    /// Whether it was said that a URL is longer than planned.
    private let isOverrunTold = Locked(false)
    private let compression = CompressionTrust()

    /// A source. The connector's own settings bound the time to connect and the size of a message; what `redaction` hides
    /// is in nothing that its sockets bring; `secondsSince1970` is the wall clock, which only a `Retry-After` that is a
    /// date needs.
    public init(
        connector: WebSocketConnector,
        endpoint: Endpoint,
        settings: StreamSettings,
        redaction: Redaction? = nil,
        counters: StreamCounters,
        secondsSince1970: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.connector = connector
        self.endpoint = endpoint
        self.settings = settings
        self.redaction = redaction
        self.counters = counters
        self.secondsSince1970 = secondsSince1970
        self.logger = logger
    }

    /// Opens a socket that brings `topics`, resuming behind `position`, or starting at the server's present where it is
    /// nil. Bounded by the connector's own deadline; cancelling the task ends it early.
    ///
    /// Subscriptions are packed onto sockets with fixed allowances for token and position (S3.5), which nobody's are bound to keep: a URL
    /// that is longer than `maxURLBytes` for that reason is sent whole all the same, for the server judges, and not being connected at all
    /// would be worse. It is said once. Nothing is cut: half a position or token is a wrong one.
    public func connect(
        topics: [SubscriptionTopic],
        resumeFrom position: Position?,
        token: AccessToken
    ) async throws(ConnectFailure) -> any NotificationConnection {
        let url = StreamURL(
            endpoint: self.endpoint,
            token: token.secret,
            subscriptions: topics,
            settings: self.settings,
            position: position
        )
        self.tellOverrun(of: url, token: token.secret, position: position)
        self.logger.debug(
            "upgrade",
            metadata: [
                "subscriptions": "\(topics.count)", "urlBytes": "\(url.byteCount)", "token": "\(token.serial)",
                "resume": "\(position?.kind.rawValue ?? "none")",
            ]
        )
        let target = WebSocketTarget(
            scheme: self.endpoint.isSecure ? .wss : .ws,
            host: self.endpoint.host,
            port: self.endpoint.port,
            requestTarget: url.requestTarget.revealed
        )
        do throws(WebSocketConnectError) {
            return StreamConnection(
                try await self.connector.connect(to: target, offersCompression: self.compression.isKept),
                hiding: self.secrets(of: topics, token),
                resumedFrom: position,
                compression: self.compression,
                settings: self.settings,
                redaction: self.redaction,
                counters: self.counters,
                logger: self.logger
            )
        } catch {
            throw StreamCloseCodes.failure(
                error,
                of: topics,
                hiding: self.secrets(of: topics, token),
                nowSeconds: self.secondsSince1970()
            )
        }
    }

    /// What the server was sent and may send back.
    private func secrets(of topics: [SubscriptionTopic], _ token: AccessToken) -> [Secret] {
        [token.secret] + (self.redaction?.hiddenIDs(topics) ?? [])
    }

    private func tellOverrun(of url: StreamURL, token: Secret, position: Position?) {
        guard url.byteCount > self.settings.maxURLBytes else { return }
        let isTold = self.isOverrunTold.withLock { isTold in
            defer { isTold = true }
            return isTold
        }
        guard !isTold else { return }
        self.logger.warning(
            "the request that opens a socket is longer than maxURLBytes, and is sent all the same",
            metadata: [
                "urlBytes": "\(url.byteCount)", "maxURLBytes": "\(self.settings.maxURLBytes)",
                "tokenBytes": "\(PercentEncoding.encode(token.revealed).utf8.count)",
                "positionBytes": "\(position.map { PercentEncoding.encode($0.value).utf8.count } ?? 0)",
                "allowedBytes": "\(StreamURL.tokenByteAllowance + StreamURL.positionByteAllowance)",
            ]
        )
    }
}
