/// What an operator wants to know of one tenant. Holds no secret.
public struct TenantHealth: Hashable, Sendable, Codable {
    /// How much of a position is shown: enough to compare, whatever its length.
    public static let shownPositionCharacters = 64

    /// The tenant's name.
    public var name: String
    /// Whether the tenant does its work.
    public var ready: Bool
    /// What it is doing, in a word: `streaming`, `connecting`, `unauthorized`, …
    public var state: String
    /// Why it is not ready, or what it waits for.
    public var reason: String?
    /// The beginning of the committed position.
    public var committedPosition: String?
    /// Seconds since the position was committed.
    public var committedPositionAgeSeconds: Double?
    /// Seconds since the oldest batch was received that is not acknowledged yet; nil where everything is acknowledged.
    public var oldestUnacknowledgedAgeSeconds: Double?
    /// Seconds since the open transaction of the tenant's partition began; nil where there is none.
    public var openTransactionAgeSeconds: Double?
    /// Messages of the partition that a commit has cut in two; nil without transactions.
    public var splitMessages: Int?
    /// Bytes between socket and acknowledgement.
    public var inFlightBytes: Int
    /// Connections that ended and were replaced since the start.
    public var reconnects: Int
    /// What was received and waits for Kafka, where the source cannot replay; nil where it can.
    public var spool: SpoolHealth?
    /// Gap records written since the start, by cause.
    public var gaps: [String: GapHealth]
    /// What has been counted since the start.
    public var counters: TenantCounters

    /// The health of the tenant `name`. A long position is cut.
    public init(
        name: String,
        ready: Bool,
        state: String,
        reason: String? = nil,
        committedPosition: String? = nil,
        committedPositionAgeSeconds: Double? = nil,
        oldestUnacknowledgedAgeSeconds: Double? = nil,
        openTransactionAgeSeconds: Double? = nil,
        splitMessages: Int? = nil,
        inFlightBytes: Int = 0,
        reconnects: Int = 0,
        spool: SpoolHealth? = nil,
        gaps: [String: GapHealth] = [:],
        counters: TenantCounters = TenantCounters()
    ) {
        self.name = name
        self.ready = ready
        self.state = state
        self.reason = reason
        self.committedPosition = committedPosition.map { position in
            position.count > Self.shownPositionCharacters
                ? "\(position.prefix(Self.shownPositionCharacters))…" : position
        }
        self.committedPositionAgeSeconds = committedPositionAgeSeconds
        self.oldestUnacknowledgedAgeSeconds = oldestUnacknowledgedAgeSeconds
        self.openTransactionAgeSeconds = openTransactionAgeSeconds
        self.splitMessages = splitMessages
        self.inFlightBytes = inFlightBytes
        self.reconnects = reconnects
        self.spool = spool
        self.gaps = gaps
        self.counters = counters
    }
}
