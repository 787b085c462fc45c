/// Everything that can be set about connecting and receiving.
public struct WebSocketConfiguration: Equatable, Sendable {
    /// TCP keep-alive: a dead peer is noticed after `idle` + `count` × `interval`.
    public struct KeepAlive: Equatable, Sendable {
        /// Silence before the first probe; whole seconds.
        public var idle: Duration = .seconds(30)
        /// Time between probes; whole seconds.
        public var interval: Duration = .seconds(10)
        /// Unanswered probes before the connection is given up.
        public var count: Int = 3

        /// 30 s, 10 s, 3 probes.
        public init() {}
    }

    /// The buffers that the socket is read into. Their size adapts between the bounds to what arrives.
    public struct ReceiveBuffer: Equatable, Sendable {
        /// The smallest, in bytes.
        public var bytesMin: Int = 64 * 1024
        /// The first, in bytes.
        public var bytesInitial: Int = 256 * 1024
        /// The largest, in bytes.
        public var bytesMax: Int = 256 * 1024

        /// The kernel's buffer, in bytes (`SO_RCVBUF`); nil lets the kernel choose and grow it. It also bounds what is
        /// taken in beyond `readAheadBytes` when a peer closes while its data is not being read.
        public var kernelBytes: Int?

        /// 64 KiB to 256 KiB, and the kernel's choice.
        public init() {}
    }

    /// The proxy to go through, except to what its `noProxy` names; nil: connections are direct.
    public var proxy: HTTPProxy?

    /// The time for all of name resolution, TCP, the proxy's tunnel, TLS and upgrade together.
    public var connectTimeout: Duration = .seconds(10)
    /// The time for the peer's half of the closing handshake; then the socket is closed.
    public var closeTimeout: Duration = .seconds(5)

    /// Whether the server may compress its messages.
    public var compression: WebSocketCompression = .off

    /// The largest payload of one frame, in bytes, as it comes. More closes the connection with 1009.
    public var maxFrameBytes: Int = 16 * 1024 * 1024
    /// The largest payload of one message over all its frames, in bytes, decompressed. More closes the connection with 1009.
    public var maxMessageBytes: Int = 16 * 1024 * 1024
    /// The most frames of one message. More closes the connection with 1009.
    public var maxFragments: Int = 131_072

    /// What to do with a message that cannot be read: a text that is not UTF-8, or more than `maxFrameBytes` or `maxMessageBytes`. Nil: the
    /// connection fails, with 1007 or 1009, as RFC 6455 wants it. A number: the message is skipped to its end and reported, with so many of
    /// its bytes, and the consumer decides whether to close.
    public var unreadablePrefixBytes: Int?

    /// What may wait for the consumer, in bytes of memory held, before the socket is no longer read. The message that
    /// crosses this line is still taken in.
    public var readAheadBytes: Int = 1024 * 1024
    /// The buffers the socket is read into.
    public var receiveBuffer = ReceiveBuffer()

    /// Certificates and names for `wss`.
    public var tls = WebSocketTLS()

    /// TCP keep-alive; nil turns it off.
    public var keepAlive: KeepAlive? = KeepAlive()
    /// How long sent data may stay unacknowledged before the kernel gives the connection up (`TCP_USER_TIMEOUT`, Linux
    /// only); nil leaves the kernel's default.
    public var tcpUserTimeout: Duration? = .seconds(60)
    /// Sends small frames at once (`TCP_NODELAY`).
    public var noDelay: Bool = true

    /// The defaults.
    public init() {}

    var frameLimits: FrameLimits {
        FrameLimits(
            maxFrameBytes: self.maxFrameBytes,
            maxMessageBytes: self.maxMessageBytes,
            maxFragments: self.maxFragments,
            unreadablePrefixBytes: self.unreadablePrefixBytes
        )
    }
}
