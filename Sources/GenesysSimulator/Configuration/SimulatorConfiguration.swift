/// Everything that a simulator is told at its start. Every setting but the tenants has a default.
public struct SimulatorConfiguration: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port for REST and upgrades; 0 lets the kernel choose.
    public var port = 0
    /// Nil serves plain text.
    public var tls: TLSFiles?
    /// The organizations it plays. At least one.
    public var tenants: [SimulatedTenant]
    /// Events, identifiers, tokens and faults follow from it: two simulators of one seed and configuration have one log.
    public var seed: UInt64 = 1
    /// The size of each event's JSON.
    public var eventBytes = 611
    /// Nil: every event has that size.
    public var largeEvents: LargeEvents?
    /// Where a stream starts that brings no position.
    public var startAt = StartPoint.present
    /// Which field of a batch is its position.
    public var positionField = PositionField.lastEventId
    /// Positions hold characters that must be escaped in JSON and encoded in URLs.
    public var awkwardPositions = true
    /// How long a token is valid, at least a second; its `expires_in` is the whole seconds of it.
    public var tokenLifetimeMilliseconds = 86_399_000
    /// A stream whose token expires is closed with 4001 (S4.4). Without it, an open stream outlives its token.
    public var closesExpiredStreams = true
    /// For a client that names no `maxBatchSize`.
    public var batchSizeDefault = 100
    /// For a client that names no `maxLatency`.
    public var latencyDefaultMilliseconds = 5_000
    /// How often a stream is pinged; nil leaves pings to the clients.
    public var pingIntervalMilliseconds: Int?
    /// Client pings that come faster are recorded as violations (S4.6); nil records none.
    public var clientPingIntervalMinMilliseconds: Int?
    /// A connection without a byte either way for so long is reset, as a proxy does it (S6.2); nil lets it be.
    public var idleTimeoutMilliseconds: Int?
    /// Streams are spread over so many nodes, by connection number, which a ``Fault/drain(code:intervalMilliseconds:)`` empties one by one.
    public var nodeCount = 4
    /// What a handshake gets that names a subscription which is not valid (S5.1).
    public var invalidSubscriptionAnswer = InvalidSubscriptionAnswer.close
    /// A position that was lost once is lost for ever, and with it all before it, as in a log that was cut off. Without it, only the next
    /// attempt is refused.
    public var keepsPositionsLost = false
    /// How the pre-flight answers at first (S5.2, S5.4).
    public var preflight = PreflightMode.correct
    /// REST calls that a token may make in each window.
    public var restCallsPerWindow = 300
    /// The length of such a window.
    public var restWindowMilliseconds = 60_000
    /// An attempt so soon after a block or a REST limit began was under way already: it is refused, but no violation.
    public var holdOffGraceMilliseconds = 250
    /// Bytes waiting in this process for one socket before it stops producing for it; the kernel's buffer comes on top.
    public var writeBufferBytesMax = 1 << 20
    /// When the logs began, in milliseconds since 1970: event n carries the timestamp n milliseconds later.
    public var logStartMilliseconds = 1_795_428_000_000
    /// Serve the notification stream, the `stream` dialect; without it its paths are not there.
    public var servesStream = true
    /// The public notification service, the `channels` dialect.
    public var channels = ChannelSettings()
    /// Serve `/simulator/…`: snapshots, faults and rates for tests that run the simulator as its own process.
    public var servesControlRoutes = true

    /// The token's lifetime in whole seconds.
    public var tokenLifetimeSeconds: Int {
        get { self.tokenLifetimeMilliseconds / 1_000 }
        set { self.tokenLifetimeMilliseconds = newValue.multipliedReportingOverflow(by: 1_000).partialValue }
    }

    /// The defaults, for these tenants.
    public init(tenants: [SimulatedTenant]) {
        self.tenants = tenants
    }
}
