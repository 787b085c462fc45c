/// `connection`, without its parts below `tcp` and `tls`.
enum ConnectionSettings {
    static let connectTimeout = Setting(
        "connectTimeout",
        .duration(.milliseconds(100)...(.seconds(300))),
        default: .seconds(10),
        "deadline of a connection attempt: name, TCP, TLS and upgrade together"
    )
    static let pingInterval = Setting(
        "pingInterval",
        .duration(.seconds(5)...(.seconds(3600))),
        default: .seconds(30),
        "how often a ping is sent, whatever the traffic; the server may take more for a violation"
    )
    static let pongTimeout = Setting(
        "pongTimeout",
        .duration(.milliseconds(100)...(.seconds(300))),
        default: .seconds(10),
        "after this a pong is missed; below pingInterval"
    )
    static let missedPongs = Setting(
        "missedPongs",
        .integer(1...100),
        default: 3,
        "missed pongs in a row after which the connection is replaced"
    )
    static let heartbeatGrace = BareSetting(
        optional: "heartbeatGrace",
        ValueSyntax<Duration>.duration(.seconds(1)...(.seconds(3600))).orOff(),
        absence: "the larger of maxLatency and 10s",
        "how much later than maxLatency a batch (an empty one counts) may come before the connection is replaced"
    )
    static let healthyAfter = Setting(
        "healthyAfter",
        .duration(.zero ... .seconds(3600)),
        default: .seconds(30),
        "how long a delivering connection must be up before the backoff starts anew"
    )
    static let maxStall = Setting(
        "maxStall",
        .duration(.seconds(1)...(.seconds(3600))),
        default: .seconds(60),
        "how long Kafka may hold a socket back before it is closed, to be resumed when there is room"
    )
    static let closeTimeout = Setting(
        "closeTimeout",
        .duration(.milliseconds(100)...(.seconds(60))),
        default: .seconds(5),
        "how long a closing handshake may take"
    )
    static let proxyIdleTimeout = Setting(
        "proxyIdleTimeout",
        .duration(.seconds(1)...(.seconds(86_400))),
        default: .seconds(60),
        "shortest idle time-out of the proxies on the way; every maxLatency is below it"
    )
    static let maxMessageBytes = Setting(
        "maxMessageBytes",
        .size(65_536...1_073_741_824),
        default: 16_777_216,
        "largest message; at most a tenant's part of delivery.inFlight.bytes"
    )
    static let maxFrameBytes = BareSetting(
        optional: "maxFrameBytes",
        .size(65_536...1_073_741_824),
        absence: "maxMessageBytes",
        "largest frame of a message"
    )
    static let readAheadBytes = Setting(
        "readAheadBytes",
        .size(65_536...268_435_456),
        default: 1_048_576,
        "what a socket reads ahead while Kafka is slower; pings in it are still answered"
    )
    static let maxEventsPerBatch = Setting(
        "maxEventsPerBatch",
        .integer(1...100_000),
        default: 1000,
        "messages with more events are split on this side"
    )
    static let attemptsPerSecond = Setting(
        "attemptsPerSecond",
        .integer(1...1000),
        default: 10,
        "connection attempts to one host, of all tenants of the process together"
    )
    static let rolloverMargin = Setting<Duration?>(
        "rolloverMargin",
        ValueSyntax<Duration>.duration(.milliseconds(100)...(.seconds(3600))).orOff(),
        default: .seconds(60),
        "so long before its token expires a socket is followed by a new one; at most a quarter of what the token has left"
    )
    static let duplicateWindow = Setting(
        "duplicateWindow",
        .integer(0...1_000_000),
        default: 10_000,
        "events of a stream whose ids are remembered, to drop what the server sends again: at least maxBatchSize of every tenant; 0: none"
    )
    static let maxSubscriptionsPerSocket = Setting(
        "maxSubscriptionsPerSocket",
        .integer(1...10_000),
        default: 1000,
        "subscriptions on one socket; more go on further sockets"
    )
    static let maxURLBytes = Setting(
        "maxURLBytes",
        .integer(2048...65_536),
        default: 8000,
        "bytes of the request that opens a socket, 1280 of them kept for token and position, which are sent whole if longer; more subscriptions go on further sockets"
    )
    static let revalidateInterval = Setting(
        "revalidateInterval",
        .duration(.seconds(1)...(.seconds(86_400))),
        default: .seconds(300),
        "how often a subscription that the server refused is tried again"
    )
    static let syncInterval = Setting(
        "syncInterval",
        .duration(.seconds(1)...(.seconds(86_400))),
        default: .seconds(300),
        "how often queues and users are listed for subscriptions that name them by resources, {queue} or {user}"
    )
    static let restRequestsPerMinute = Setting(
        "restRequestsPerMinute",
        .integer(1...10_000),
        default: 300,
        "requests to the platform API for each tenant"
    )
    static let compression = Setting(
        "compression",
        .word(),
        default: CompressionPolicy.off,
        "whether the server may compress its messages; some proxies mishandle that; given up where a message is damaged twice"
    )
    private static let holdOff = BackoffSettings(
        base: .seconds(60),
        cap: .seconds(900),
        jitter: .above,
        purpose: "without any attempt at a host that said \"too many\" and not how long",
        capPurpose: "where doubling ends; what the host asks for is obeyed up to 1h"
    )
    private static let backoff = BackoffSettings(
        base: .seconds(1),
        cap: .seconds(30),
        jitter: .above,
        purpose: "between connection attempts"
    )

    static let definitions: [SettingDefinition] = [
        connectTimeout.definition, pingInterval.definition, pongTimeout.definition, missedPongs.definition,
        heartbeatGrace.definition, healthyAfter.definition, maxStall.definition, closeTimeout.definition,
        .section("backoff", backoff.definitions), attemptsPerSecond.definition,
        .section("holdOff", holdOff.definitions), rolloverMargin.definition, duplicateWindow.definition,
        maxSubscriptionsPerSocket.definition, maxURLBytes.definition, revalidateInterval.definition,
        syncInterval.definition, restRequestsPerMinute.definition, proxyIdleTimeout.definition,
        maxMessageBytes.definition,
        maxFrameBytes.definition, readAheadBytes.definition, maxEventsPerBatch.definition,
        compression.definition,
        .section("tcp", TCPSettings.definitions), .section("tls", TLSFilesSettings.definitions),
        .section("proxy", ProxySettings.definitions),
    ]

    static func decode(_ reader: MappingReader) -> ConnectionConfiguration {
        let maxMessageBytes = reader.value(Self.maxMessageBytes)
        let heartbeatGrace: HeartbeatGrace =
            switch reader.value(Self.heartbeatGrace) {
            case .some(.some(let grace)): .fixed(grace)
            case .some(.none): .off
            case .none: .automatic
            }
        let connection = ConnectionConfiguration(
            connectTimeout: reader.value(Self.connectTimeout),
            pingInterval: reader.value(Self.pingInterval),
            pongTimeout: reader.value(Self.pongTimeout),
            missedPongs: reader.value(Self.missedPongs),
            heartbeatGrace: heartbeatGrace,
            healthyAfter: reader.value(Self.healthyAfter),
            maxStall: reader.value(Self.maxStall),
            closeTimeout: reader.value(Self.closeTimeout),
            backoff: Self.backoff.decode(reader.section("backoff", Self.backoff.definitions)),
            attemptsPerSecond: reader.value(Self.attemptsPerSecond),
            holdOff: Self.holdOff.decode(reader.section("holdOff", Self.holdOff.definitions)),
            rolloverMargin: reader.value(Self.rolloverMargin),
            duplicateWindow: reader.value(Self.duplicateWindow),
            maxSubscriptionsPerSocket: reader.value(Self.maxSubscriptionsPerSocket),
            maxURLBytes: reader.value(Self.maxURLBytes),
            revalidateInterval: reader.value(Self.revalidateInterval),
            syncInterval: reader.value(Self.syncInterval),
            restRequestsPerMinute: reader.value(Self.restRequestsPerMinute),
            proxyIdleTimeout: reader.value(Self.proxyIdleTimeout),
            maxMessageBytes: maxMessageBytes,
            maxFrameBytes: reader.value(Self.maxFrameBytes) ?? maxMessageBytes,
            readAheadBytes: reader.value(Self.readAheadBytes),
            maxEventsPerBatch: reader.value(Self.maxEventsPerBatch),
            compression: reader.value(Self.compression),
            tcp: TCPSettings.decode(reader.section("tcp", TCPSettings.definitions)),
            tls: TLSFilesSettings.decode(reader.section("tls", TLSFilesSettings.definitions)),
            proxy: reader.has("proxy") ? ProxySettings.decode(reader.section("proxy", ProxySettings.definitions)) : nil
        )
        Self.check(connection, reader)
        return connection
    }

    private static func check(_ connection: ConnectionConfiguration, _ reader: MappingReader) {
        let context = reader.context
        if connection.pongTimeout >= connection.pingInterval,
            !context.hasIssue(at: "connection.pongTimeout", "connection.pingInterval")
        {
            reader.report(
                reader.has(Self.pongTimeout.key) ? Self.pongTimeout.key : Self.pingInterval.key,
                "pongTimeout (\(DurationText.format(connection.pongTimeout))) must be below pingInterval "
                    + "(\(DurationText.format(connection.pingInterval)))",
                "lower pongTimeout or raise pingInterval"
            )
        }
        if connection.maxFrameBytes > connection.maxMessageBytes,
            !context.hasIssue(at: "connection.maxFrameBytes", "connection.maxMessageBytes")
        {
            reader.report(
                Self.maxFrameBytes.key,
                "\(SizeText.format(connection.maxFrameBytes)) is above maxMessageBytes "
                    + "(\(SizeText.format(connection.maxMessageBytes)))",
                "a frame is a part of a message: lower maxFrameBytes, or leave it out"
            )
        }
    }
}
