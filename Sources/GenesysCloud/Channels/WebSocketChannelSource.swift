public import BridgeCore
public import Logging
public import WebSocketClient

/// Opens the sockets of one topic set's channels (section 4 of the dialect).
///
/// *Receives* a channel. *Hands to* the channel session a connection. *Holds at most* nothing between calls.
public final class WebSocketChannelSource: ChannelSource {
    private let connector: WebSocketConnector
    private let settings: ChannelSettings
    private let redaction: Redaction?
    private let counters: StreamCounters
    private let ids: EventIDIssuer
    private let secondsSince1970: @Sendable () -> Int64
    private let logger: Logger

    /// A source. The connector's own settings bound the time to connect and the size of a message; `ids` gives the events of all its sockets
    /// their ids, so no other source may have an equal one; what `redaction` hides is in nothing that they bring; `secondsSince1970` is the
    /// wall clock, which only a `Retry-After` that is a date needs.
    public init(
        connector: WebSocketConnector,
        settings: ChannelSettings,
        redaction: Redaction? = nil,
        counters: StreamCounters,
        ids: EventIDSequence,
        secondsSince1970: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.connector = connector
        self.settings = settings
        self.redaction = redaction
        self.counters = counters
        self.ids = EventIDIssuer(ids)
        self.secondsSince1970 = secondsSince1970
        self.logger = logger
    }

    /// Opens a socket on the channel's URI, as it is, whatever its host: the server that made the channel named it. No token is sent.
    public func connect(_ channel: NotificationChannel) async throws(ChannelDialFailure) -> any ChannelConnection {
        let secrets = [channel.connectURI, channel.id]
        do throws(WebSocketConnectError) {
            let target = try WebSocketTarget(url: channel.connectURI.revealed)
            self.logger.debug("opening a channel's socket", metadata: ["server": "\(target)"])
            return WebSocketChannelConnection(
                try await self.connector.connect(to: target, offersCompression: false),
                hiding: secrets,
                settings: self.settings,
                redaction: self.redaction,
                counters: self.counters,
                ids: self.ids,
                logger: self.logger
            )
        } catch {
            throw self.failure(error, hiding: secrets)
        }
    }

    private func failure(_ error: WebSocketConnectError, hiding secrets: [Secret]) -> ChannelDialFailure {
        switch error {
        case .rejected(let rejection): self.failure(RefusedUpgrade(rejection, hiding: secrets))
        // A URI that cannot be asked for stays one.
        case .invalidTarget(let reason): .channelInvalid(reason: "the channel's URI: \(reason)")
        case .resolution, .connection, .proxy, .tls, .timedOut, .badUpgrade, .cancelled:
            .unavailable(reason: PeerText.shown("\(error)", hiding: secrets))
        }
    }

    private func failure(_ refusal: RefusedUpgrade) -> ChannelDialFailure {
        switch refusal.status {
        case 401, 403, 404, 410:
            .channelInvalid(reason: refusal.text)
        case 429:
            .throttled(
                retryAfterSeconds: refusal.retryAfterSeconds(nowSeconds: self.secondsSince1970()),
                reason: refusal.text
            )
        default:
            .unavailable(reason: refusal.text)
        }
    }
}
