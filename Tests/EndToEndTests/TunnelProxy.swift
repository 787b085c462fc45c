import NIOCore
import NIOPosix
import Synchronization

/// A proxy on 127.0.0.1 that tunnels to this machine for who shows the right credentials. Who shows others is told what he showed, as
/// helpful proxies do.
final class TunnelProxy: Sendable {
    typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private struct State {
        var tunneled = 0
        var refused = 0
    }

    let port: Int
    private let authorization: String
    private let state = Mutex(State())

    private init(port: Int, authorization: String) {
        self.port = port
        self.authorization = authorization
    }

    var tunnelCount: Int { self.state.withLock { $0.tunneled } }
    var refusalCount: Int { self.state.withLock { $0.refused } }

    /// Runs `body` while the proxy runs.
    static func with(authorization: String, _ body: @Sendable (TunnelProxy) async throws -> Void) async throws {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: channel) }
            }
        let proxy = TunnelProxy(port: server.channel.localAddress?.port ?? 0, authorization: authorization)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await server.executeThenClose { clients in
                    await withDiscardingTaskGroup { connections in
                        do {
                            for try await client in clients { connections.addTask { try? await proxy.serve(client) } }
                        } catch {}
                        connections.cancelAll()
                    }
                }
            }
            try await body(proxy)
            group.cancelAll()
        }
    }

    private func serve(_ client: Stream) async throws {
        try await client.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var head = ""
            while !head.hasSuffix("\r\n\r\n") {
                guard let bytes = try await iterator.next() else { return }
                head += String(buffer: bytes)
            }
            let lines = head.split(separator: "\r\n")
            let shown = lines.first { $0.lowercased().hasPrefix("proxy-authorization: ") }?.dropFirst(21) ?? ""
            guard shown == self.authorization else {
                self.state.withLock { $0.refused += 1 }
                let answer =
                    "HTTP/1.1 407 \(shown)\r\nProxy-Authenticate: Basic realm=\"\(shown)\"\r\n"
                    + "Content-Length: \(head.utf8.count)\r\n\r\n\(head)"
                return try await outbound.write(ByteBuffer(string: answer))
            }
            guard let port = lines[0].split(separator: " ")[1].split(separator: ":").last.flatMap({ Int($0) }) else {
                return
            }
            let target = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: channel) }
                }
            self.state.withLock { $0.tunneled += 1 }
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
            try await target.executeThenClose { answers, requests in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for try await bytes in answers { try await outbound.write(bytes) }
                        outbound.finish()
                    }
                    while let bytes = try await iterator.next() { try await requests.write(bytes) }
                    group.cancelAll()
                }
            }
        }
    }
}
