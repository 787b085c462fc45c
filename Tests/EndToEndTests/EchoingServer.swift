import NIOCore
import NIOPosix
import Synchronization

/// A server on 127.0.0.1 that answers each request with an error that repeats the request's head, in the body and in headers: the worst
/// that a server can do to who keeps a secret. Only tokens are granted, after a refusal.
final class EchoingServer: Sendable {
    private typealias Stream = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static let token = "ech0/t0ken+="
    /// What upgrades are answered with, one after the other, and again from the beginning.
    static let statuses = [500, 302, 410, 400, 403, 401]

    private struct State {
        var tokenRequests = 0
        var upgrades = 0
        var others = 0
    }

    let port: Int
    private let state = Mutex(State())

    private init(port: Int) {
        self.port = port
    }

    /// Upgrades that were asked for.
    var upgradeCount: Int { self.state.withLock { $0.upgrades } }
    /// Requests that were no upgrades and asked for no token.
    var otherCount: Int { self.state.withLock { $0.others } }

    /// Runs `body` while the server runs.
    static func with(_ body: @Sendable (EchoingServer) async throws -> Void) async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: channel) }
            }
        let server = EchoingServer(port: listener.channel.localAddress?.port ?? 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { clients in
                    await withDiscardingTaskGroup { connections in
                        do {
                            for try await client in clients { connections.addTask { try? await server.serve(client) } }
                        } catch {}
                        connections.cancelAll()
                    }
                }
            }
            try await body(server)
            group.cancelAll()
        }
    }

    private func serve(_ client: Stream) async throws {
        try await client.executeThenClose { inbound, outbound in
            var iterator = inbound.makeAsyncIterator()
            var head = ""
            while !head.contains("\r\n\r\n") {
                guard let bytes = try await iterator.next() else { return }
                head += String(buffer: bytes)
                // A TLS handshake has no end that this server would know.
                if head.utf8.first == 0x16 { head = "GET / HTTP/1.1\r\n\r\n" }
            }
            try await outbound.write(ByteBuffer(string: self.answer(to: head)))
        }
    }

    private func answer(to head: String) -> String {
        if head.hasPrefix("POST") {
            let count = self.state.withLock { state in
                state.tokenRequests += 1
                return state.tokenRequests
            }
            let grant = "{\"access_token\":\"\(Self.token)\",\"token_type\":\"bearer\",\"expires_in\":3600}"
            return count == 1 ? Self.echo(head, status: 400) : Self.response(200, body: grant)
        }
        guard head.lowercased().contains("upgrade: websocket") else {
            let count = self.state.withLock { state in
                state.others += 1
                return state.others
            }
            // Once it fails, then there is none.
            return Self.echo(head, status: count == 1 ? 503 : 404)
        }
        let count = self.state.withLock { state in
            defer { state.upgrades += 1 }
            return state.upgrades
        }
        return Self.echo(head, status: Self.statuses[count % Self.statuses.count])
    }

    private static func echo(_ head: String, status: Int) -> String {
        let lines = head.split(separator: "\r\n")
        let target = lines[0].split(separator: " ")[1]
        let text = head.replacing("\r\n", with: " ").replacing("\"", with: "'")
        return self.response(
            status,
            headers: ["Location: http://127.0.0.1:1\(target)", "X-Echo: \(text.prefix(4000))"],
            body: "{\"message\":\"\(text)\",\"error\":\"\(target)\",\"error_description\":\"\(text)\"}"
        )
    }

    private static func response(_ status: Int, headers: [String] = [], body: String) -> String {
        let lines = ["HTTP/1.1 \(status) Status", "Content-Type: application/json", "Connection: close"] + headers
        return lines.joined(separator: "\r\n") + "\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
