import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import WebSocketClient

@Suite("Through an HTTP proxy", .timeLimit(.minutes(2)))
struct ProxyTests {
    /// `alladin:open:sesame`, whose password has a colon.
    private static let credentials = HTTPProxy.Credentials(username: "alladin", password: "open:sesame")
    private static let authorization = "Basic YWxsYWRpbjpvcGVuOnNlc2FtZQ=="

    private static let hello: @Sendable (RawPeer) async throws -> Void = { peer in
        try await peer.upgrade(followedBy: ServerFrame.text("hello").bytes)
        guard let frame = try await peer.readFrame() else { return }
        try await peer.write([.text(bytes: frame.payload), .close(1000, "bye")])
        try await peer.readToEnd()
    }

    /// Both ways through the tunnel, and the closing handshake.
    private static func expectConversation(_ connection: WebSocketConnection) async throws {
        try await connection.send(text: "hello yourself")
        let (events, close) = try await connection.drain()
        #expect(
            events
                == ["hello", "hello yourself"].map {
                    .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: $0)))
                }
        )
        #expect(close == .peerClosed(code: 1000, reason: "bye"))
    }

    private static func proxy(
        _ port: Int,
        _ credentials: HTTPProxy.Credentials? = nil,
        noProxy: [String] = []
    ) throws -> HTTPProxy {
        HTTPProxy(host: "127.0.0.1", port: port, credentials: credentials, noProxy: try NoProxyList(noProxy))
    }

    @Test("a plain connection goes through CONNECT, without credentials where there are none (S1.1)")
    func plain() async throws {
        try await RawServer.run(script: Self.hello) { server in
            let requests = try await ConnectProxy.run(.tunnels) { proxy in
                let settings = try Self.proxy(proxy.port)
                let connection = try await server.connect { $0.proxy = settings }
                #expect(connection.peerAddress == "127.0.0.1:\(proxy.port)")
                try await Self.expectConversation(connection)
                return proxy.requests
            }
            #expect(
                requests == ["CONNECT 127.0.0.1:\(server.port) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)"]
            )
        }
    }

    @Test("credentials go to the proxy, and to nobody else (S1.1)")
    func credentials() async throws {
        let (requests, seen) = AsyncStream.makeStream(of: String.self)
        try await RawServer.run { peer in
            seen.yield(try await peer.upgrade(followedBy: ServerFrame.close(1000).bytes))
            try await peer.readToEnd()
        } while: { server in
            try await ConnectProxy.run(.tunnelsFor(Self.authorization)) { proxy in
                let settings = try Self.proxy(proxy.port, Self.credentials)
                let connection = try await server.connect { $0.proxy = settings }
                #expect(try await connection.drain().close == .peerClosed(code: 1000, reason: ""))
                #expect(RawPeer.header("Proxy-Authorization", in: proxy.requests[0]) == Self.authorization)
            }
            let request = try #require(await requests.first { _ in true })
            #expect(RawPeer.header("Proxy-Authorization", in: request) == nil)
        }
    }

    @Test(
        "wrong and missing credentials name the proxy and 407, and nothing else (S1.1)",
        arguments: [
            (HTTPProxy.Credentials(username: "alladin", password: "wrong"), "it does not accept the credentials"),
            (nil, "it asks for credentials"),
        ]
    )
    func refused(_ credentials: HTTPProxy.Credentials?, _ meaning: String) async throws {
        try await RawServer.run(script: Self.hello) { server in
            try await ConnectProxy.run(.tunnelsFor(Self.authorization)) { proxy in
                let settings = try Self.proxy(proxy.port, credentials)
                let error = await #expect(throws: WebSocketConnectError.self) {
                    try await server.connect { $0.proxy = settings }
                }
                let reason =
                    "the proxy 127.0.0.1:\(proxy.port) refused the tunnel to 127.0.0.1:\(server.port) "
                    + "with HTTP status 407: \(meaning)"
                #expect(error == .proxy(reason))
            }
        }
    }

    @Test("inside the tunnel the certificate is the target's, and it is verified (S1.1)")
    func secure() async throws {
        let certificates = try TestCertificates()
        let ca = certificates.certificate("ca")
        try await RawServer.run(tls: try certificates.server("localhost"), script: Self.hello) { server in
            try await ConnectProxy.run(.tunnelsFor(Self.authorization)) { proxy in
                let settings = try Self.proxy(proxy.port, Self.credentials)
                let connection = try await server.connect(scheme: .wss) { configuration in
                    configuration.proxy = settings
                    configuration.tls.additionalCAFile = ca
                }
                try await Self.expectConversation(connection)
                #expect(proxy.requests.map { $0.prefix(18) } == ["CONNECT localhost:"])
            }
        }
        for (certificate, text) in [("elsewhere", "for another host name"), ("expired", "has expired")] {
            try await RawServer.run(tls: try certificates.server(certificate), script: Self.hello) { server in
                try await ConnectProxy.run(.tunnels) { proxy in
                    let settings = try Self.proxy(proxy.port)
                    let error = await #expect(throws: WebSocketConnectError.self) {
                        try await server.connect(scheme: .wss) { configuration in
                            configuration.proxy = settings
                            configuration.tls.additionalCAFile = ca
                        }
                    }
                    guard case .tls(let description) = error else {
                        Issue.record("\(String(describing: error))")
                        return
                    }
                    #expect(description.contains(text))
                    #expect(proxy.requests.count == 1)
                }
            }
        }
    }

    @Test("a target of the exceptions is connected to directly, another is not (S1.1)")
    func exceptions() async throws {
        try await RawServer.run(script: Self.hello) { server in
            try await ConnectProxy.run(.tunnels) { proxy in
                let settings = try Self.proxy(proxy.port, noProxy: ["127.0.0.0/8:\(server.port)"])
                let connection = try await server.connect { $0.proxy = settings }
                #expect(connection.peerAddress == "127.0.0.1:\(server.port)")
                try await Self.expectConversation(connection)
                #expect(proxy.requests.isEmpty)
                let others = try Self.proxy(proxy.port, noProxy: ["127.0.0.0/8:1", "example.com"])
                try await Self.expectConversation(try await server.connect { $0.proxy = others })
                #expect(proxy.requests.count == 1)
            }
        }
    }

    @Test("the name of the target is the proxy's to resolve (S1.1)")
    func resolution() async throws {
        try await RawServer.run(script: Self.hello) { server in
            try await ConnectProxy.run(.tunnels) { proxy in
                var configuration = RawServer.patient
                configuration.proxy = try Self.proxy(proxy.port)
                let connector = WebSocketConnector(
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    configuration: configuration
                )
                // RFC 6761: never resolves.
                let target = WebSocketTarget(scheme: .ws, host: "host.invalid", port: server.port)
                try await Self.expectConversation(try await connector.connect(to: target))
            }
        }
    }

    @Test(
        "what is no tunnel is a clear error (S1.1)",
        arguments: [
            (.answers("SSH-2.0-OpenSSH_9.2p1\r\n"), "does not speak HTTP/1"),
            (.answers("HTTP/2 200 OK\r\n\r\n"), "does not speak HTTP/1"),
            (.answers("\u{0}\u{1}\u{2}\u{3}\u{4}"), "does not speak HTTP/1"),
            (.answers("HTTP/1.1 200 OK\r\nno header\r\n\r\n"), "answered with a malformed header line"),
            (.answers("HTTP/1.1 101 Switching\r\n\r\n"), "answered with HTTP status 101, which nobody asked for"),
            (
                .answers("HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000)),
                "answered with a head of more than 65536 bytes"
            ),
            (
                .answers(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3000)),
                "answered with a head of more than 65536 bytes"
            ),
            (.answers("HTTP/1.1 200 OK\r\n", closes: true), "closed the connection before it answered"),
            (.closesAtOnce, "closed the connection before it answered"),
            (
                .answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nhello"),
                "refused the tunnel to target.example:443 with HTTP status 403: it does not allow this target"
            ),
            (
                .answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 504 Gateway Timeout\r\n\r\n"),
                "refused the tunnel to target.example:443 with HTTP status 504: the target did not answer it in time"
            ),
            (
                .answers("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n"),
                "refused the tunnel to target.example:443 with HTTP status 302"
            ),
        ] as [(ConnectProxy.Behaviour, String)]
    )
    func noTunnel(_ behaviour: ConnectProxy.Behaviour, _ predicate: String) async throws {
        try await ConnectProxy.run(behaviour) { proxy in
            var configuration = RawServer.patient
            configuration.proxy = try Self.proxy(proxy.port, Self.credentials)
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            )
            let target = WebSocketTarget(scheme: .wss, host: "target.example")
            let error = await #expect(throws: WebSocketConnectError.self) { try await connector.connect(to: target) }
            // Where it closes, a reset may overtake the end of the stream.
            let prefix = "the proxy 127.0.0.1:\(proxy.port) "
            let isReset = behaviour.closes && error?.description.contains(prefix + "cannot be ") == true
            #expect(error == .proxy(prefix + predicate) || isReset, "\(error?.description ?? "")")
        }
    }

    @Test("bytes in the same read as the proxy's answer belong to the tunnel (S1.1)")
    func leftovers() async throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n220 mail.example ESMTP\r\n"
        try await ConnectProxy.run(.answers(answer)) { proxy in
            let connect = { @Sendable (scheme: WebSocketTarget.Scheme) async throws -> WebSocketConnection in
                var configuration = RawServer.patient
                configuration.proxy = try Self.proxy(proxy.port)
                return try await WebSocketConnector(
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    configuration: configuration
                ).connect(to: WebSocketTarget(scheme: scheme, host: "target.example"))
            }
            await #expect(throws: WebSocketConnectError.badUpgrade("the server does not speak HTTP/1")) {
                try await connect(.ws)
            }
            await #expect(
                throws: WebSocketConnectError.tls(
                    "the server does not speak TLS on this port (WRONG_VERSION_NUMBER)"
                )
            ) {
                try await connect(.wss)
            }
        }
    }

    @Test("a proxy that says nothing runs into the one deadline (S1.1)")
    func hangs() async throws {
        try await ConnectProxy.run(.hangs) { proxy in
            var error: WebSocketConnectError?
            // On a busy machine a short deadline may pass in an earlier step.
            for seconds in [0.3, 2, 10, 60] {
                var configuration = WebSocketConfiguration()
                configuration.connectTimeout = .seconds(seconds)
                configuration.proxy = try Self.proxy(proxy.port)
                let connector = WebSocketConnector(
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    configuration: configuration
                )
                error = await #expect(throws: WebSocketConnectError.self) {
                    try await connector.connect(to: WebSocketTarget(scheme: .wss, host: "target.example"))
                }
                if error == .timedOut(.tunnel) { break }
            }
            #expect(error == .timedOut(.tunnel))
            #expect(error?.description == "timed out during the proxy tunnel")
        }
    }

    @Test("a target that hangs inside the tunnel runs into the same deadline (S1.1)")
    func targetHangs() async throws {
        try await ConnectProxy.run(.answers("HTTP/1.1 200 OK\r\n\r\n")) { proxy in
            for (scheme, stage) in [(WebSocketTarget.Scheme.ws, WebSocketConnectStage.upgrade), (.wss, .tls)] {
                var error: WebSocketConnectError?
                for seconds in [0.3, 2, 10, 60] where error != .timedOut(stage) {
                    var configuration = WebSocketConfiguration()
                    configuration.connectTimeout = .seconds(seconds)
                    configuration.proxy = try Self.proxy(proxy.port)
                    let connector = WebSocketConnector(
                        eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                        configuration: configuration
                    )
                    error = await #expect(throws: WebSocketConnectError.self) {
                        try await connector.connect(to: WebSocketTarget(scheme: scheme, host: "target.example"))
                    }
                }
                #expect(error == .timedOut(stage))
            }
        }
    }

    @Test("connecting through a proxy returns at once when its task is cancelled (S1.1)")
    func cancelled() async throws {
        try await ConnectProxy.run(.hangs) { proxy in
            var configuration = RawServer.patient
            configuration.proxy = try Self.proxy(proxy.port)
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: WebSocketConnectError.cancelled) {
                        try await connector.connect(to: WebSocketTarget(scheme: .ws, host: "target.example"))
                    }
                }
                while proxy.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test("a proxy that nobody runs is named (S1.1)")
    func unreachable() async throws {
        let port = try await RawServer.run { _ in
        } while: {
            $0.port
        }
        var configuration = RawServer.patient
        configuration.proxy = try Self.proxy(port, Self.credentials)
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration
        )
        let error = await #expect(throws: WebSocketConnectError.self) {
            try await connector.connect(to: WebSocketTarget(scheme: .wss, host: "target.example"))
        }
        #expect(
            error?.description.hasPrefix(
                "no connection through the proxy: the proxy 127.0.0.1:\(port) cannot be reached: "
            ) == true
        )
    }

    @Test(
        "a proxy that cannot be asked is refused before anything is sent (S1.1)",
        arguments: [
            (HTTPProxy(host: "", port: 1), "the proxy's host is not a host name or an IP address"),
            (HTTPProxy(host: "user:x@host", port: 1), "the proxy's host is not a host name or an IP address"),
            (HTTPProxy(host: "host", port: 0), "the proxy's port is not within 1–65535"),
            (
                HTTPProxy(host: "host", port: 1, credentials: .init(username: "a:b", password: "secret")),
                "the user name for the proxy holds a colon"
            ),
            (
                HTTPProxy(host: "host", port: 1, credentials: .init(username: "a", password: "secret\r\nX: y")),
                "the credentials for the proxy hold a control character"
            ),
        ]
    )
    func invalid(_ proxy: HTTPProxy, _ reason: String) async {
        var configuration = RawServer.patient
        configuration.proxy = proxy
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: configuration
        )
        await #expect(throws: WebSocketConnectError.proxy(reason)) {
            try await connector.connect(to: WebSocketTarget(scheme: .ws, host: "target.example"))
        }
    }

    @Test("no way of printing shows the credentials (S1.6)")
    func secrets() throws {
        var configuration = WebSocketConfiguration()
        configuration.proxy = try Self.proxy(3128, Self.credentials, noProxy: ["example.com"])
        var printed = "\(configuration) \(String(reflecting: configuration))"
        dump(configuration, to: &printed)
        dump(configuration.proxy, to: &printed)
        dump(configuration.proxy?.credentials, to: &printed)
        printed += "\(String(describing: configuration.proxy)) \(String(reflecting: configuration.proxy?.credentials))"
        #expect(printed.contains("127.0.0.1") && printed.contains("3128"))
        #expect(!printed.contains("alladin") && !printed.contains("sesame"))
    }
}
