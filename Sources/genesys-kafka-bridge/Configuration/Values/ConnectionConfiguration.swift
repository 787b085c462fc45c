/// How sockets are opened and kept alive, for all tenants.
struct ConnectionConfiguration: Hashable, Sendable {
    /// The deadline of a whole connection attempt: name, TCP, TLS and upgrade.
    var connectTimeout: Duration
    var pingInterval: Duration
    var pongTimeout: Duration
    /// Missed pongs in a row after which a socket is given up.
    var missedPongs: Int
    var heartbeatGrace: HeartbeatGrace
    /// How long a connection that delivers must be up before the backoff starts from its base again.
    var healthyAfter: Duration
    /// How long a socket may be held back before it is closed and resumed later.
    var maxStall: Duration
    /// How long a closing handshake may take.
    var closeTimeout: Duration
    var backoff: BackoffConfiguration
    /// Connection attempts to one host.
    var attemptsPerSecond: Int
    /// Pauses after "too many".
    var holdOff: BackoffConfiguration
    /// How long before its token expires a socket is followed by another; nil: never.
    var rolloverMargin: Duration?
    /// Events whose ids are remembered.
    var duplicateWindow: Int
    var maxSubscriptionsPerSocket: Int
    var maxURLBytes: Int
    var revalidateInterval: Duration
    var syncInterval: Duration
    var restRequestsPerMinute: Int
    /// The idle time-out of the proxies on the way; each tenant's `maxLatency` is below it.
    var proxyIdleTimeout: Duration
    var maxMessageBytes: Int
    var maxFrameBytes: Int
    /// What a socket reads ahead while its consumer is busy.
    var readAheadBytes: Int
    /// Larger messages are split into batches of this many events.
    var maxEventsPerBatch: Int
    var compression: CompressionPolicy
    var tcp: TCPConfiguration
    var tls: TLSFilesConfiguration
    /// What everything that goes to Genesys Cloud passes through; nil: nothing.
    var proxy: ProxyConfiguration?
}
