public import NIOCore
import NIOPosix

/// A TCP intermediary as many networks have one: it passes bytes on both ways, and resets a connection on both its sides, without a word,
/// when no byte came through for a while in either direction (S6.2).
///
/// It listens on 127.0.0.1, on a port of the kernel's choice. Everything it holds lives on one event loop.
public final class IdleTimeoutProxy: Sendable {
    /// The port that is listened on.
    public let port: Int
    private let listener: any Channel
    private let connections: NIOLoopBound<ProxiedConnections>

    private init(listener: any Channel, connections: NIOLoopBound<ProxiedConnections>) {
        self.port = listener.localAddress?.port ?? 0
        self.listener = listener
        self.connections = connections
    }

    /// Listens, and connects each client to `targetHost` and `targetPort`; a client whose target cannot be reached is let go.
    ///
    /// - Throws: errors of NIO when the address cannot be listened on.
    public static func start(
        targetHost: String = "127.0.0.1",
        targetPort: Int,
        idleTimeout: Duration,
        eventLoopGroup: any EventLoopGroup
    ) async throws -> IdleTimeoutProxy {
        let eventLoop = eventLoopGroup.next()
        let timeout = TimeAmount(idleTimeout)
        let connections = try await eventLoop.submit {
            NIOLoopBound(ProxiedConnections(eventLoop: eventLoop, idleTimeout: timeout), eventLoop: eventLoop)
        }.get()
        let listener = try await ServerBootstrap(group: eventLoop)
            .serverChannelOption(.backlog, value: 256)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { client in
                // The client is read only once this has ended.
                ClientBootstrap(group: eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                    .connect(host: targetHost, port: targetPort)
                    .flatMapThrowing { target in try connections.value.join(client, target) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return IdleTimeoutProxy(listener: listener, connections: connections)
    }

    /// How many connections were reset because they were idle.
    public var resetCount: Int {
        get async {
            let count = self.listener.eventLoop.submit { [connections] in connections.value.resetCount }
            return (try? await count.get()) ?? 0
        }
    }

    /// Stops listening, and resets what is still connected. Those do not count.
    public func stop() async {
        try? await self.listener.close()
        try? await self.listener.eventLoop.submit { [connections] in connections.value.resetAll() }.get()
    }
}
