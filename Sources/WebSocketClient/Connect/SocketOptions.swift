internal import NIOCore
internal import NIOPosix

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The TCP and socket options of a connection. Every one that matters is set; none is left to the library's default.
struct SocketOptions {
    private let configuration: WebSocketConfiguration

    #if canImport(Darwin)
    static let keepAliveIdle = ChannelOptions.Types.SocketOption.tcp(TCP_KEEPALIVE)
    #else
    static let keepAliveIdle = ChannelOptions.Types.SocketOption.tcp(TCP_KEEPIDLE)
    static let userTimeout = ChannelOptions.Types.SocketOption.tcp(TCP_USER_TIMEOUT)
    #endif
    static let keepAliveInterval = ChannelOptions.Types.SocketOption.tcp(TCP_KEEPINTVL)
    static let keepAliveCount = ChannelOptions.Types.SocketOption.tcp(TCP_KEEPCNT)
    static let keepAlive = ChannelOptions.socketOption(.so_keepalive)
    static let kernelReceiveBuffer = ChannelOptions.socketOption(.so_rcvbuf)
    static let noDelay = ChannelOptions.tcpOption(.tcp_nodelay)

    init(_ configuration: WebSocketConfiguration) {
        self.configuration = configuration
    }

    func apply(to bootstrap: ClientBootstrap) -> ClientBootstrap {
        let buffer = self.configuration.receiveBuffer
        var bootstrap =
            bootstrap
            .channelOption(Self.noDelay, value: self.configuration.noDelay ? 1 : 0)
            .channelOption(Self.keepAlive, value: self.configuration.keepAlive == nil ? 0 : 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: buffer.bytesMin,
                    initial: buffer.bytesInitial,
                    maximum: buffer.bytesMax
                )
            )
        if let kernelBytes = buffer.kernelBytes {
            bootstrap = bootstrap.channelOption(Self.kernelReceiveBuffer, value: SocketOptionValue(kernelBytes))
        }
        if let keepAlive = self.configuration.keepAlive {
            bootstrap =
                bootstrap
                .channelOption(Self.keepAliveIdle, value: Self.seconds(keepAlive.idle))
                .channelOption(Self.keepAliveInterval, value: Self.seconds(keepAlive.interval))
                .channelOption(Self.keepAliveCount, value: SocketOptionValue(keepAlive.count))
        }
        #if !canImport(Darwin)
        if let timeout = self.configuration.tcpUserTimeout {
            let milliseconds = timeout / .milliseconds(1)
            bootstrap = bootstrap.channelOption(Self.userTimeout, value: SocketOptionValue(milliseconds))
        }
        #endif
        return bootstrap
    }

    /// The kernel counts whole seconds, at least one.
    private static func seconds(_ duration: Duration) -> SocketOptionValue {
        SocketOptionValue(max(1, duration.components.seconds))
    }
}

extension ChannelOptions.Types.SocketOption {
    fileprivate static func tcp(_ name: CInt) -> Self {
        ChannelOptions.tcpOption(.init(rawValue: name))
    }
}
