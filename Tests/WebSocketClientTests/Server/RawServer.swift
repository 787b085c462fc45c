import NIOCore
import NIOPosix
import NIOSSL

@testable import WebSocketClient

/// A server on 127.0.0.1 and a port of the kernel's choice that does with every connection what a script says.
struct RawServer: Sendable {
    let port: Int

    /// Runs `body` while the server runs. A script that throws ends its connection only.
    @discardableResult
    static func run<Result: Sendable>(
        tls: NIOSSLContext? = nil,
        receiveBufferBytes: Int? = nil,
        script: @escaping @Sendable (RawPeer) async throws -> Void,
        while body: @escaping @Sendable (RawServer) async throws -> Result
    ) async throws -> Result {
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
        if let receiveBufferBytes {
            bootstrap = bootstrap.serverChannelOption(
                .socketOption(.so_rcvbuf),
                value: SocketOptionValue(receiveBufferBytes)
            )
        }
        let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0) { channel in
            channel.eventLoop.makeCompletedFuture {
                if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                return channel
            }
        }
        let server = RawServer(port: listener.channel.localAddress?.port ?? 0)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { connections in
                    try await withThrowingDiscardingTaskGroup { scripts in
                        for try await connection in connections {
                            scripts.addTask { await Self.run(script, on: connection) }
                        }
                    }
                }
            }
            let result = try await body(server)
            group.cancelAll()
            return result
        }
    }

    private static func run(_ script: @Sendable (RawPeer) async throws -> Void, on channel: any Channel) async {
        // Wrapped here and not when it was accepted: a stream that nobody takes over may not be let go.
        let stream = channel.eventLoop.submit { try RawPeer.Stream(wrappingChannelSynchronously: channel) }
        try? await stream.get().executeThenClose { inbound, outbound in
            try await channel.setOption(.autoRead, value: true).get()
            try await script(RawPeer(channel: channel, inbound: inbound, outbound: outbound))
        }
    }

    func target(_ requestTarget: String = "/", scheme: WebSocketTarget.Scheme = .ws) -> WebSocketTarget {
        WebSocketTarget(
            scheme: scheme,
            host: scheme == .ws ? "127.0.0.1" : "localhost",
            port: self.port,
            requestTarget: requestTarget
        )
    }

    /// Time for a machine that is busy with other tests.
    static var patient: WebSocketConfiguration {
        var configuration = WebSocketConfiguration()
        configuration.connectTimeout = .seconds(60)
        return configuration
    }

    /// Connects a client with these settings.
    func connect(
        _ requestTarget: String = "/",
        scheme: WebSocketTarget.Scheme = .ws,
        _ configure: (inout WebSocketConfiguration) -> Void = { _ in }
    ) async throws -> WebSocketConnection {
        var configuration = Self.patient
        configure(&configuration)
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration
        )
        return try await connector.connect(to: self.target(requestTarget, scheme: scheme))
    }
}
