import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import WebSocketClient

/// A proxy on 127.0.0.1 that does what a proxy does, or something else.
final class ConnectProxy: Sendable {
    /// What it does with a request.
    enum Behaviour: Sendable {
        /// Connects to the target, and passes bytes on both ways.
        case tunnels
        /// As `tunnels`, for this value of `Proxy-Authorization` only.
        case tunnelsFor(String)
        /// Writes these bytes, and then reads on; or closes.
        case answers(String, closes: Bool = false)
        /// Says nothing.
        case hangs
        /// Closes before it has read anything.
        case closesAtOnce

        var closes: Bool {
            switch self {
            case .tunnels, .tunnelsFor, .hangs: false
            case .answers(_, let closes): closes
            case .closesAtOnce: true
            }
        }
    }

    let port: Int
    /// The heads of the requests that came.
    var requests: [String] { self.seen.withLock { $0 } }
    private let seen: SharedRequests

    /// What the server's scripts write and the test reads.
    private final class SharedRequests: Sendable {
        private let requests = Mutex<[String]>([])
        func withLock<Result: Sendable>(_ body: (inout [String]) -> Result) -> Result {
            self.requests.withLock { body(&$0) }
        }
    }

    private init(port: Int, seen: SharedRequests) {
        self.port = port
        self.seen = seen
    }

    /// Runs `body` while the proxy runs.
    @discardableResult
    static func run<Result: Sendable>(
        _ behaviour: Behaviour,
        while body: @escaping @Sendable (ConnectProxy) async throws -> Result
    ) async throws -> Result {
        let seen = SharedRequests()
        return try await RawServer.run { peer in
            if case .closesAtOnce = behaviour { return }
            let request = try await peer.readRequest()
            seen.withLock { $0.append(request) }
            try await Self.serve(request, behaviour, peer)
        } while: { server in
            try await body(ConnectProxy(port: server.port, seen: seen))
        }
    }

    private static func serve(_ request: String, _ behaviour: Behaviour, _ peer: RawPeer) async throws {
        switch behaviour {
        case .tunnels:
            try await self.tunnel(request, peer)
        case .tunnelsFor(let authorization):
            guard RawPeer.header("Proxy-Authorization", in: request) == authorization else {
                try await peer.write(
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                        + "Content-Length: 6\r\n\r\nsecret"
                )
                try await peer.readToEnd()
                return
            }
            try await self.tunnel(request, peer)
        case .answers(let text, let closes):
            try await peer.write(text)
            if !closes { try await peer.readToEnd() }
        case .hangs, .closesAtOnce:
            try await peer.readToEnd()
        }
    }

    /// Only ever connects to this machine, whatever the name of the target.
    private static func tunnel(_ request: String, _ peer: RawPeer) async throws {
        let line = request.split(separator: "\r\n")[0].split(separator: " ")
        guard line[0] == "CONNECT", let port = line[1].split(separator: ":").last.flatMap({ Int($0) }) else {
            try await peer.write("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        let target = try? await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try RawPeer.Stream(wrappingChannelSynchronously: channel) }
        }
        guard let target else {
            try await peer.write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        }
        try await peer.write("HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n")
        let client = peer.channel
        try await target.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await bytes in inbound { try await client.writeAndFlush(bytes) }
                    try await client.close()
                }
                while let bytes = try await peer.readBytes() { try await outbound.write(bytes) }
                group.cancelAll()
            }
        }
    }
}
