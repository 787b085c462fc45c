import NIOCore
import NIOPosix
import Testing

@testable import WebSocketClient

@Suite("The opening handshake", .timeLimit(.minutes(2)))
struct UpgradeTests {
    @Test("bytes in the same read as the 101 are not lost")
    func sameRead() async throws {
        let connections = 1500
        let frames: [ServerFrame] = [
            .text("one"), .binary([1, 2, 3]), .text("thr", final: false), .more("ee", final: true),
        ]
        try await RawServer.run { peer in
            // Also the end of the stream is there at once.
            try await peer.upgrade(followedBy: (frames + [.close(4001, "bye")]).bytes)
        } while: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<connections {
                    if index >= 32 { try await group.next() }
                    group.addTask {
                        let connection = try await server.connect()
                        let (events, close) = try await connection.drain()
                        #expect(events.count == 3)
                        #expect(
                            events.first == .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "one")))
                        )
                        #expect(
                            events.last
                                == .message(
                                    WebSocketMessage(
                                        kind: .text,
                                        payload: ByteBuffer(string: "three"),
                                        fragmentCount: 2
                                    )
                                )
                        )
                        #expect(close == .peerClosed(code: 4001, reason: "bye"))
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("the answer may come a byte at a time, behind informational responses")
    func octetWise() async throws {
        try await RawServer.run { peer in
            let request = try await peer.readRequest()
            let answer = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + RawPeer.switchingProtocols(request)
            for byte in Array(answer.utf8) + ServerFrame.text("hello").bytes {
                try await peer.write([byte])
            }
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect()
            #expect(
                try await connection.next()
                    == .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "hello")))
            )
            connection.abort()
        }
    }

    @Test("the request is what RFC 6455 section 4.1 asks for, with a fresh key each time (S1.1)")
    func request() async throws {
        let (requests, seen) = AsyncStream.makeStream(of: String.self)
        try await RawServer.run { peer in
            seen.yield(try await peer.upgrade())
            try await peer.readToEnd()
        } while: { server in
            var target = server.target("/stream?access_token=a%2Bb&x=%5B1%5D")
            target.headers = [.init(name: "User-Agent", value: "tests")]
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: RawServer.patient
            )
            var keys: Set<String> = []
            for _ in 0..<2 {
                let connection = try await connector.connect(to: target)
                let request = try #require(await requests.first { _ in true })
                #expect(request.hasPrefix("GET /stream?access_token=a%2Bb&x=%5B1%5D HTTP/1.1\r\n"))
                #expect(RawPeer.header("Host", in: request) == "127.0.0.1:\(server.port)")
                #expect(RawPeer.header("Upgrade", in: request) == "websocket")
                #expect(RawPeer.header("Connection", in: request) == "Upgrade")
                #expect(RawPeer.header("Sec-WebSocket-Version", in: request) == "13")
                #expect(RawPeer.header("User-Agent", in: request) == "tests")
                #expect(RawPeer.header("Sec-WebSocket-Extensions", in: request) == nil)
                let key = try #require(RawPeer.header("Sec-WebSocket-Key", in: request))
                #expect(key.utf8.count == 24)
                keys.insert(key)
                connection.abort()
            }
            #expect(keys.count == 2)
        }
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The answer, made from the right one.
        var make: @Sendable (_ right: String, _ accept: String) -> String
        var expected: WebSocketConnectError

        static func bad(
            _ name: String,
            _ reason: String,
            _ make: @escaping @Sendable (_ right: String, _ accept: String) -> String
        ) -> Self {
            Self(testDescription: name, make: make, expected: .badUpgrade(reason))
        }
    }

    static let badAnswers: [Answer] = [
        .bad("wrong accept", "the Sec-WebSocket-Accept header of the response is missing or wrong") {
            $0.replacing($1, with: "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        },
        .bad("no accept", "the Sec-WebSocket-Accept header of the response is missing or wrong") { right, accept in
            right.replacing("Sec-WebSocket-Accept: \(accept)\r\n", with: "")
        },
        .bad("no Upgrade", "the Upgrade header of the response is not \"websocket\"") { right, _ in
            right.replacing("Upgrade: websocket\r\n", with: "")
        },
        .bad("other Upgrade", "the Upgrade header of the response is not \"websocket\"") { right, _ in
            right.replacing("Upgrade: websocket", with: "Upgrade: h2c")
        },
        .bad("no Connection", "the Connection header of the response does not say \"Upgrade\"") { right, _ in
            right.replacing("Connection: Upgrade\r\n", with: "Connection: keep-alive\r\n")
        },
        .bad("an extension", "the server chose an extension that was not offered") { right, _ in
            right.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
        },
        .bad("a subprotocol", "the server chose a subprotocol that was not offered") { right, _ in
            right.replacing("\r\n\r\n", with: "\r\nSec-WebSocket-Protocol: chat\r\n\r\n")
        },
        .bad("HTTP/1.0", "status 101 in an HTTP/1.0 response") { right, _ in
            right.replacing("HTTP/1.1", with: "HTTP/1.0")
        },
        .bad("a header without a name", "a header line is malformed") { right, _ in
            right.replacing("\r\n\r\n", with: "\r\n: x\r\n\r\n")
        },
        .bad("a folded header", "a header line is malformed") { right, _ in
            right.replacing("\r\n\r\n", with: "\r\n folded\r\n\r\n")
        },
        .bad("an SSH server", "the server does not speak HTTP/1") { _, _ in "SSH-2.0-OpenSSH_9.2p1\r\n" },
        .bad("a TLS alert", "the server does not speak HTTP/1") { _, _ in "\u{15}\u{03}\u{01}\u{00}\u{02}\u{02}\u{46}"
        },
        .bad("HTTP/2", "the server does not speak HTTP/1") { _, _ in "HTTP/2 101 x\r\n\r\n" },
        .bad("binary noise", "the server does not speak HTTP/1") { _, _ in "\0\0\0\0\0\0" },
        .bad("an endless head", "the response's head is larger than 65536 bytes") { right, _ in
            right.replacing("\r\n\r\n", with: "\r\nX: " + String(repeating: "x", count: 70_000))
        },
        .bad("an endless line", "the response's head is larger than 65536 bytes") { _, _ in
            "HTTP/1.1 101 " + String(repeating: "x", count: 70_000)
        },
    ]

    @Test("an answer that RFC 6455 section 4.1 does not allow is refused (S1.1)", arguments: badAnswers)
    func refused(_ answer: Answer) async throws {
        try await RawServer.run { peer in
            let request = try await peer.readRequest()
            try await peer.write(answer.make(RawPeer.switchingProtocols(request), RawPeer.accept(for: request)))
            try await peer.readToEnd()
        } while: { server in
            await #expect(throws: answer.expected) { try await server.connect() }
        }
    }

    @Test("header names and values of the answer are compared without regard to case, Connection is a list")
    func lenient() async throws {
        try await RawServer.run { peer in
            let request = try await peer.readRequest()
            try await peer.write(
                "HTTP/1.1 101\r\nUPGRADE: WebSocket\r\nconnection: keep-alive,\tUPGRADE\r\n"
                    + "sec-websocket-accept:\(RawPeer.accept(for: request))  \r\n\r\n"
            )
            try await peer.readToEnd()
        } while: { server in
            try await server.connect().abort()
        }
    }

    static let rejections: [(name: String, response: String, closes: Bool, expected: WebSocketRejection)] = [
        (
            "401 with JSON",
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 15\r\nRetry-After: 7\r\n\r\n{\"code\":\"bad\"}\n", false,
            WebSocketRejection(
                status: 401,
                headers: [.init(name: "Content-Length", value: "15"), .init(name: "Retry-After", value: "7")],
                body: ByteBuffer(string: "{\"code\":\"bad\"}\n")
            )
        ),
        (
            "a redirect", "HTTP/1.1 302 Found\r\nLocation: https://elsewhere/\r\nContent-Length: 0\r\n\r\n", false,
            WebSocketRejection(
                status: 302,
                headers: [
                    .init(name: "Location", value: "https://elsewhere/"), .init(name: "Content-Length", value: "0"),
                ]
            )
        ),
        (
            "an HTML page until the end of the stream", "HTTP/1.0 200 OK\r\n\r\n<html>hello</html>", true,
            WebSocketRejection(status: 200, body: ByteBuffer(string: "<html>hello</html>"))
        ),
        (
            "429 in chunks",
            "HTTP/1.1 429 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nslow \r\nA\r\ndown, okay\r\n0\r\n\r\n",
            false,
            WebSocketRejection(
                status: 429,
                headers: [.init(name: "Transfer-Encoding", value: "chunked")],
                body: ByteBuffer(string: "slow down, okay")
            )
        ),
        (
            "a body cut by the end of the stream", "HTTP/1.1 503 No\r\nContent-Length: 100\r\n\r\nhalf", true,
            WebSocketRejection(
                status: 503,
                headers: [.init(name: "Content-Length", value: "100")],
                body: ByteBuffer(string: "half"),
                isBodyTruncated: true
            )
        ),
        (
            "a body that does not end before the deadline", "HTTP/1.1 500 No\r\nContent-Length: 100\r\n\r\nhalf", false,
            WebSocketRejection(
                status: 500,
                headers: [.init(name: "Content-Length", value: "100")],
                body: ByteBuffer(string: "half"),
                isBodyTruncated: true
            )
        ),
        (
            "a body larger than 64 KiB",
            "HTTP/1.1 400 No\r\n\r\n" + String(repeating: "b", count: 100_000), false,
            WebSocketRejection(
                status: 400,
                body: ByteBuffer(repeating: UInt8(ascii: "b"), count: 65536),
                isBodyTruncated: true
            )
        ),
    ]

    @Test("another status than 101 is readable: status, headers and body (S1.1)", arguments: rejections.indices)
    func rejected(_ index: Int) async throws {
        let example = Self.rejections[index]
        try await RawServer.run { peer in
            _ = try await peer.readRequest()
            try await peer.write(example.response)
            if !example.closes { try await peer.readToEnd() }
        } while: { server in
            let error = await Self.failure(beyond: .timedOut(.resolution), .timedOut(.connection), .timedOut(.upgrade))
            { timeout in
                try await server.connect { $0.connectTimeout = timeout }
            }
            #expect(error == .rejected(example.expected), "\(example.name)")
        }
    }

    /// Tries with growing deadlines: on a busy machine a short one may pass in an earlier step than the one meant.
    private static func failure(
        beyond early: WebSocketConnectError...,
        of connect: (Duration) async throws -> WebSocketConnection
    ) async -> WebSocketConnectError? {
        var error: WebSocketConnectError?
        for timeout in [0.3, 2, 10, 60] {
            error = await #expect(throws: WebSocketConnectError.self) { try await connect(.seconds(timeout)) }
            guard let error, early.contains(error) else { break }
        }
        return error
    }

    @Test("a server that speaks first and something else is a clear error, not a hang")
    func serverSpeaksFirst() async throws {
        try await RawServer.run { peer in
            try await peer.write("SSH-2.0-OpenSSH_9.2p1 Debian\r\n")
            try await peer.readToEnd()
        } while: { server in
            await #expect(throws: WebSocketConnectError.badUpgrade("the server does not speak HTTP/1")) {
                try await server.connect()
            }
        }
    }

    @Test("a server that closes instead of answering is a connection error")
    func serverCloses() async throws {
        try await RawServer.run { peer in
            _ = try await peer.readRequest()
        } while: { server in
            let error = await #expect(throws: WebSocketConnectError.self) { try await server.connect() }
            guard case .connection = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("a server that accepts and says nothing runs into the deadline", arguments: WebSocketTarget.Scheme.allCases)
    func deadline(_ scheme: WebSocketTarget.Scheme) async throws {
        try await RawServer.run { peer in
            try await peer.readToEnd()
        } while: { server in
            let stage: WebSocketConnectStage = scheme == .ws ? .upgrade : .tls
            let error = await Self.failure(beyond: .timedOut(.resolution), .timedOut(.connection)) { timeout in
                try await server.connect(scheme: scheme) { $0.connectTimeout = timeout }
            }
            #expect(error == .timedOut(stage))
        }
    }

    @Test("connecting returns at once when its task is cancelled")
    func cancelled() async throws {
        let (accepted, accept) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { peer in
            _ = try await peer.readRequest()
            accept.yield()
            try await peer.readToEnd()
            accept.yield()
        } while: { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: WebSocketConnectError.cancelled) { try await server.connect() }
                }
                await accepted.first { _ in true }
                group.cancelAll()
                try await group.waitForAll()
            }
            // The server sees the end of the connection.
            await accepted.first { _ in true }
        }
    }

    @Test("nobody listening is a connection error")
    func refusedConnection() async throws {
        let port = try await RawServer.run { _ in
        } while: {
            $0.port
        }
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: RawServer.patient
        )
        let error = await #expect(throws: WebSocketConnectError.self) {
            try await connector.connect(to: WebSocketTarget(scheme: .ws, host: "127.0.0.1", port: port))
        }
        guard case .connection = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a name that does not exist is a resolution error")
    func unknownName() async throws {
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: RawServer.patient
        )
        let error = await #expect(throws: WebSocketConnectError.self) {
            // RFC 6761: never resolves.
            try await connector.connect(to: WebSocketTarget(scheme: .ws, host: "host.invalid", port: 80))
        }
        switch error {
        case .resolution, .timedOut(.resolution): break
        case nil, .invalidTarget, .connection, .proxy, .tls, .timedOut, .rejected, .badUpgrade, .cancelled:
            Issue.record("\(String(describing: error))")
        }
    }

    @Test("all addresses of a name are tried")
    func allAddresses() async throws {
        // localhost is ::1 and 127.0.0.1 on most machines; the server listens on the latter only.
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await peer.readToEnd()
        } while: { server in
            let connector = WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: RawServer.patient
            )
            let connection = try await connector.connect(
                to: WebSocketTarget(scheme: .ws, host: "localhost", port: server.port)
            )
            #expect(connection.peerAddress == "127.0.0.1:\(server.port)")
            connection.abort()
        }
    }
}
