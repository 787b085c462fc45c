import BridgeCore
import GenesysCloud
import Logging
import NIOPosix
import Synchronization
import Testing
import WebSocketClient

/// Source and connection against a server on a real socket.
@Suite(.timeLimit(.minutes(1)))
struct StreamConnectionTests {
    private static let token = AccessToken(secret: Secret("t0ken+/="), serial: 1)

    /// A connection to a server that upgrades and then plays `script`.
    private static func withConnection<Result: Sendable>(
        position: Position? = nil,
        configuration: WebSocketConfiguration = WebSocketConfiguration(),
        counters: StreamCounters = StreamCounters(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ script: @escaping @Sendable (inout RawPeer, _ requestTarget: String) async throws -> Void,
        _ body: @escaping @Sendable (any NotificationConnection) async throws -> Result
    ) async throws -> Result {
        try await RawServer.with { peer in
            let target = try await peer.upgrade()
            try await script(&peer, target)
        } _: { port in
            let source = Self.source(port: port, configuration: configuration, counters: counters, logger: logger)
            return try await body(
                try await source.connect(topics: Self.topics, resumeFrom: position, token: Self.token)
            )
        }
    }

    private static let topics = [SubscriptionTopic(event: "routing.queueEvents", resourceID: "q1")]

    private static func source(
        port: Int,
        configuration: WebSocketConfiguration = WebSocketConfiguration(),
        settings: StreamSettings = StreamSettings(maxEventsPerBatch: 2),
        counters: StreamCounters = StreamCounters(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) -> StreamSource {
        StreamSource(
            connector: WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: configuration,
                logger: logger
            ),
            endpoint: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
            settings: settings,
            counters: counters,
            secondsSince1970: { 0 },
            logger: logger
        )
    }

    private static func batches(_ event: ConnectionEvent) -> [NotificationBatch]? {
        guard case .message(let batches) = event else { return nil }
        return batches
    }

    private static func end(_ event: ConnectionEvent) -> ConnectionEnd? {
        guard case .ended(let end) = event else { return nil }
        return end
    }

    @Test("The upgrade asks for the subscriptions behind the position (S1.1, S1.2)")
    func upgrade() async throws {
        let target = Mutex("")
        try await Self.withConnection(position: Position(kind: .lastEventId, value: "e+1")) { peer, requestTarget in
            target.withLock { $0 = requestTarget }
            try await peer.close(1000, "")
        } _: { connection in
            _ = await connection.next()
        }
        let parts = target.withLock { $0 }.split(separator: "?")
        #expect(parts[0] == "/api/v2/notifications/stream")
        #expect(
            parts[1].split(separator: "&") == [
                "access_token=t0ken%2B%2F%3D",
                "subscriptions=%5B%7B%22event%22%3A%22routing.queueEvents%22%2C%22resourceId%22%3A%22q1%22%7D%5D",
                "maxBatchSize=100", "maxLatency=5000", "lastEventId=e%2B1",
            ]
        )
    }

    @Test("Messages come as batches, in order, then the end, again and again (S2.1)")
    func messages() async throws {
        let counters = StreamCounters()
        try await Self.withConnection(counters: counters) { peer, _ in
            try await peer.text(#"{"lastEventId":"1","events":[{"eventId":"a"},{"eventId":"b"},{"eventId":"c"}]}"#)
            try await peer.text(#"{"lastEventId":"2"}"#)
            try await peer.close(4001, "token_expired")
            try await peer.waitForEnd()
        } _: { connection in
            let first = try #require(Self.batches(await connection.next()))
            #expect(first.map(\.events.count) == [2, 1])
            #expect(first.map { $0.position?.value } == [nil, "1"])
            let second = try #require(Self.batches(await connection.next()))
            #expect(second.map(\.events.count) == [0] && second[0].position?.value == "2")
            for _ in 0..<3 {
                let end = Self.end(await connection.next())
                #expect(end == .tokenExpired)
            }
        }
        #expect(counters.current.messages == 2 && counters.current.events == 3)
        #expect(counters.current.defectiveMessages == 0 && counters.current.fragmentedMessages == 0)
    }

    @Test("A fragmented message is one message, is counted, and is logged without its body (S2.6)")
    func fragments() async throws {
        let log = LogRecorder()
        let counters = StreamCounters()
        try await Self.withConnection(counters: counters, logger: log.logger) { peer, _ in
            let message = Array(#"{"lastEventId":"1","events":[{"eventId":"böse"}]}"#.utf8)
            try await peer.frame(1, Array(message[..<37]), isFinal: false)  // in the middle of the ö
            try await peer.frame(9, [1, 2, 3])
            try await peer.frame(0, [], isFinal: false)
            try await peer.frame(0, Array(message[37...]))
            try await peer.waitForEnd()
        } _: { connection in
            let batch = try #require(Self.batches(await connection.next())?.first)
            #expect(batch.bytes.string(batch.events[0].id) == "böse")
        }
        #expect(counters.current.fragmentedMessages == 1)
        let line = try #require(log.lines.first { $0.contains("fragmented") })
        #expect(
            line.hasPrefix("debug") && line.contains("frames=3") && line.contains("bytes=")
                && line.contains("peer=127.0.0.1")
        )
        #expect(!log.lines.contains { $0.contains("eventId") || $0.contains("böse") })
    }

    @Test(
        "A message that is no batch comes as unreadable, with the right code and without its body in any log (S2.7)",
        arguments: [
            (#"{"secretBody":tru}"#, 1, 1007, "unexpected byte at byte 17"),
            ("[]", 1, 1007, "not an object at byte 0"),
            (#"{"events":[{}]}"#, 2, 1003, "a binary message"),
        ] as [(String, UInt8, UInt16, String)]
    )
    func unreadable(text: String, opcode: UInt8, code: UInt16, reason: String) async throws {
        let log = LogRecorder()
        let counters = StreamCounters()
        let (closes, closed) = AsyncStream<(code: UInt16, reason: String)>.makeStream()
        try await Self.withConnection(counters: counters, logger: log.logger) { peer, _ in
            try await peer.frame(opcode, Array(text.utf8))
            try await peer.text(#"{"lastEventId":"p"}"#)
            closed.yield(try await peer.clientClose())
            try await peer.waitForEnd()
        } _: { connection in
            guard case .unreadable(let message) = await connection.next() else {
                Issue.record("not unreadable")
                return
            }
            #expect(message.bytes.array(ByteRange(offset: 0, length: UInt32(message.bytes.count))) == Array(text.utf8))
            #expect(message.byteCount == text.utf8.count)
            #expect(message.reason == reason && message.closeCode == code)
            // The socket is open, and what follows can be read.
            guard case .message(let batches) = await connection.next() else {
                Issue.record("nothing behind it")
                return
            }
            #expect(batches.last?.position?.value == "p")
            connection.close(code: message.closeCode, reason: message.reason)
            let close = try #require(await closes.first { _ in true })
            #expect(close == (code, reason))
        }
        #expect(counters.current.defectiveMessages == 1 && counters.current.messages == 1)
        #expect(log.lines.contains { $0.hasPrefix("warning") && $0.contains(reason) && $0.contains("frames=1") })
        #expect(!log.lines.contains { $0.contains("secretBody") })
    }

    @Test(
        "Bytes that are not UTF-8, and messages above the limit, are unreadable too, cut and with their digest (S2.7)"
    )
    func wireUnreadable() async throws {
        var configuration = WebSocketConfiguration()
        configuration.maxMessageBytes = 1000
        configuration.maxFrameBytes = 1000
        configuration.unreadablePrefixBytes = 100
        for (payload, code, sha256) in Self.unreadablePayloads {
            let counters = StreamCounters()
            try await Self.withConnection(configuration: configuration, counters: counters) { peer, _ in
                try await peer.frame(1, payload)
                try await peer.text(#"{"lastEventId":"p"}"#)
                try await peer.waitForEnd()
            } _: { connection in
                guard case .unreadable(let message) = await connection.next() else {
                    Issue.record("not unreadable")
                    return
                }
                #expect(message.byteCount == payload.count && message.bytes.count == min(payload.count, 100))
                #expect(message.sha256 == sha256 && message.closeCode == code)
                guard case .message = await connection.next() else {
                    Issue.record("nothing behind it")
                    return
                }
            }
            #expect(counters.current.defectiveMessages == 1)
        }
    }

    /// Payloads, the close code that says what is wrong, and their SHA-256 by `sha256sum`.
    private static let unreadablePayloads: [([UInt8], UInt16, String)] = [
        ([0x22, 0xC3, 0x28, 0x22], 1007, "34055271592b3fa7a8c2617f65d0698fe1dc51a6db72fb63e28886da0115845e"),
        (Array(repeating: 0x20, count: 1001), 1009, "9be767dade6edd747d8f3c5255c661a2f0f67d20810fd9a75e4c71ba41324602"),
    ]

    @Test("A ping goes out, and its pong comes back as an event")
    func ping() async throws {
        try await Self.withConnection { peer, _ in
            let (opcode, payload) = try await peer.nextFrame()
            #expect(opcode == 9)
            try await peer.frame(10, payload)
            try await peer.waitForEnd()
        } _: { connection in
            connection.ping()
            guard case .pong = await connection.next() else {
                Issue.record("no pong")
                return
            }
        }
    }

    @Test("Closing says why, and the connection ends")
    func close() async throws {
        let log = LogRecorder()
        try await Self.withConnection { peer, _ in
            let close = try await peer.clientClose()
            log.logger.info("\(close.code) \(close.reason)")
            try await peer.close(close.code, "")
        } _: { connection in
            connection.close(code: 1001, reason: "Pong timeout exceeded")
            let end = Self.end(await connection.next())
            #expect(end == .lost(reason: "closed by us with 1001"))
            await log.waitForLine { $0.contains("1001 Pong timeout exceeded") }
        }
        #expect(log.lines.contains { $0.contains("1001 Pong timeout exceeded") })
    }

    @Test("A cancelled task is told so at once, and nothing is lost by it")
    func cancellation() async throws {
        try await Self.withConnection { peer, _ in
            _ = try await peer.nextFrame()
            try await peer.text(#"{"lastEventId":"1"}"#)
            try await peer.waitForEnd()
        } _: { connection in
            await withTaskGroup(of: ConnectionEvent.self) { group in
                group.addTask { await connection.next() }
                group.cancelAll()
                guard case .cancelled = await group.next() else {
                    Issue.record("not cancelled")
                    return
                }
            }
            connection.ping()
            let batches = Self.batches(await connection.next())
            #expect(batches?[0].position?.value == "1")
        }
    }

    @Test("A rejected upgrade is a failure that says what to do, and hides the token (S1.6, S1.7)")
    func rejection() async throws {
        let log = LogRecorder()
        try await RawServer.with { peer in
            let head = try await peer.request().head
            let target = head.split(separator: " ")[1]
            try await peer.answer(status: 401, body: #"{"message":"bad token in \#(target)"}"#)
        } _: { port in
            let source = Self.source(port: port, logger: log.logger)
            do throws(ConnectFailure) {
                _ = try await source.connect(topics: Self.topics, resumeFrom: nil, token: Self.token)
                Issue.record("connected")
            } catch {
                guard case .unauthorized(let reason) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(
                    reason.hasPrefix("HTTP 401: bad token in /api/v2/notifications/stream?access_token=<redacted>&")
                )
            }
        }
        #expect(!log.lines.contains { $0.contains("t0ken") })
    }

    @Test("A token or position beyond its allowance is sent whole, and is said once, without it (S3.5, S1.6)")
    func longURL() async throws {
        let log = LogRecorder()
        let targets = Mutex<[String]>([])
        let position = Position(kind: .lastEventId, value: String(repeating: "+", count: 3000))
        let token = AccessToken(secret: Secret(String(repeating: "t0ken", count: 500)), serial: 1)
        try await RawServer.with { peer in
            let target = try await peer.upgrade()
            targets.withLock { $0.append(target) }
            try await peer.close(1000, "")
            try await peer.waitForEnd()
        } _: { port in
            let source = Self.source(port: port, settings: StreamSettings(maxURLBytes: 2048), logger: log.logger)
            for (token, position) in [(Self.token, nil), (Self.token, position), (token, position)] {
                let connection = try await source.connect(topics: Self.topics, resumeFrom: position, token: token)
                _ = await connection.next()
            }
        }
        let sent = targets.withLock { $0 }
        #expect(sent.count == 3)
        #expect(sent[1].hasSuffix("&lastEventId=" + String(repeating: "%2B", count: 3000)))
        #expect(sent[2].contains("access_token=\(token.secret.revealed)&"))
        let warnings = log.lines.filter { $0.hasPrefix("warning") }
        #expect(warnings.count == 1)
        #expect(
            warnings.first?.contains("maxURLBytes=2048 positionBytes=9000 tokenBytes=14 urlBytes=") == true,
            "\(warnings)"
        )
        #expect(!log.lines.contains { $0.contains("t0ken") || $0.contains("%2B") })
    }
}
