import BridgeCore
import GenesysCloud
import Logging
import NIOPosix
import Synchronization
import Testing
import WebSocketClient

/// Source and connection against a server on a real socket.
@Suite("Channel sockets", .timeLimit(.minutes(1)))
struct WebSocketChannelConnectionTests {
    private static func source(_ settings: ChannelSettings, _ log: LogRecorder) -> WebSocketChannelSource {
        WebSocketChannelSource(
            connector: WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: WebSocketConfiguration(),
                logger: log.logger
            ),
            settings: settings,
            counters: StreamCounters(),
            ids: EventIDSequence(startedAtMilliseconds: 1, random: 2),
            secondsSince1970: { 0 },
            logger: log.logger
        )
    }

    private static func channel(_ port: Int) -> NotificationChannel {
        NotificationChannel(
            id: Secret("streaming-0-s3cret"),
            connectURI: Secret("ws://127.0.0.1:\(port)/channels/streaming-0-s3cret?a=%20"),
            expiresAtMilliseconds: nil
        )
    }

    private static func withConnection<Result: Sendable>(
        _ settings: ChannelSettings = ChannelSettings(),
        log: LogRecorder = LogRecorder(),
        _ script: @escaping @Sendable (inout RawPeer, _ requestTarget: String) async throws -> Void,
        _ body: @escaping @Sendable (any ChannelConnection) async throws -> Result
    ) async throws -> Result {
        try await RawServer.with { peer in
            let target = try await peer.upgrade()
            try await script(&peer, target)
        } _: { port in
            try await body(try await Self.source(settings, log).connect(Self.channel(port)))
        }
    }

    private static func event(_ number: Int) -> String {
        #"{"topicName":"v2.users.u\#(number).presence","eventBody":{"n":\#(number)}}"#
    }

    /// The ids of the users whose events come, up to the first thing that is no event.
    private static func users(_ connection: any ChannelConnection, _ next: inout ChannelSocketEvent?) async
        -> [[String]]
    {
        var batches: [[String]] = []
        while true {
            let event = await connection.next()
            guard case .events(let batch) = event else {
                next = event
                return batches
            }
            batches.append(
                batch.batch.events.compactMap { $0.resourceID.map(batch.batch.bytes.string) }
            )
        }
    }

    @Test("the socket is opened on the URI as it is, and what it brings keeps its order (C4)")
    func order() async throws {
        let target = Mutex("")
        try await Self.withConnection { peer, requestTarget in
            target.withLock { $0 = requestTarget }
            for number in 1...3 { try await peer.text(Self.event(number)) }
            try await peer.text(#"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#)
            try await peer.text(Self.event(4))
            try await peer.text("{}")
            try await peer.frame(2, [1])
            try await peer.text(Self.event(5))
            try await peer.close(1001, "bye streaming-0-s3cret")
            try await peer.waitForEnd()
        } _: { connection in
            var next: ChannelSocketEvent?
            #expect(await Self.users(connection, &next).flatMap(\.self) == ["u1", "u2", "u3"])
            guard case .control(.heartbeat) = next else { throw LostOrder() }
            #expect(await Self.users(connection, &next) == [["u4"]])
            for _ in 0..<2 {
                guard case .unreadable(let message) = next else { throw LostOrder() }
                #expect(message.byteCount == 2 || message.byteCount == 1)
                if message.byteCount == 2 { next = await connection.next() }
            }
            #expect(await Self.users(connection, &next) == [["u5"]])
            for _ in 0..<2 {
                guard case .ended(let reason) = next else { throw LostOrder() }
                #expect(reason.contains("1001") && !reason.contains("s3cret"))
                next = await connection.next()
            }
        }
        #expect(target.withLock { $0 } == "/channels/streaming-0-s3cret?a=%20")
    }

    @Test("what has arrived already is given without waiting, all of it and in order, and then nothing is in hand (C1)")
    func arrived() async throws {
        try await Self.withConnection(ChannelSettings(maxEventsPerBatch: 10)) { peer, _ in
            let frames = (0..<25).map(Self.event).flatMap { text -> [UInt8] in
                [0x81, UInt8(text.utf8.count)] + Array(text.utf8)
            }
            try await peer.send(frames)
            try await peer.waitForEnd()
        } _: { connection in
            var (users, given): ([String], Int) = ([], 0)
            while users.count < 25 {
                var event: ChannelSocketEvent? = await connection.next()
                while let some = event {
                    guard case .events(let batch) = some else { throw LostOrder() }
                    users += batch.batch.events.compactMap { $0.resourceID.map(batch.batch.bytes.string) }
                    event = connection.nextArrived()
                    given += event == nil ? 0 : 1
                }
            }
            #expect(users == (0..<25).map { "u\($0)" })
            #expect(given > 0, "25 events of one write are more than one batch of 10")
            if connection.nextArrived() != nil { throw LostOrder() }
            #expect(connection.isCaughtUp)
            connection.close(reason: "")
        }
    }

    @Test("what has arrived already is one batch, up to its limit (bounded-bytes)")
    func batches() async throws {
        try await Self.withConnection(ChannelSettings(maxEventsPerBatch: 10)) { peer, _ in
            // All of it in one write, so that it arrives as one.
            let heartbeat = #"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#
            let frames = ((0..<25).map(Self.event) + [heartbeat]).flatMap { text -> [UInt8] in
                [0x81, UInt8(text.utf8.count)] + Array(text.utf8)
            }
            try await peer.send(frames)
            try await peer.close(1000, "")
            try await peer.waitForEnd()
        } _: { connection in
            var next: ChannelSocketEvent?
            let batches = await Self.users(connection, &next)
            #expect(batches.flatMap(\.self) == (0..<25).map { "u\($0)" })
            #expect(batches.allSatisfy { 1...10 ~= $0.count } && batches.count < 25)
            // What came behind the last of them comes behind them.
            guard case .control(.heartbeat) = next else { throw LostOrder() }
            guard case .ended = await connection.next() else { throw LostOrder() }
        }
    }

    @Test("a ping is the application's, and a socket that was emptied says so (C1)")
    func ping() async throws {
        let (pings, ping) = AsyncStream<String>.makeStream()
        try await Self.withConnection { peer, _ in
            let frame = try await peer.nextFrame()
            ping.yield("\(frame.opcode) \(String(decoding: frame.payload, as: UTF8.self))")
            try await peer.text(#"{"topicName":"channel.metadata","eventBody":{"message":"pong"}}"#)
            try await peer.waitForEnd()
        } _: { connection in
            connection.ping()
            var iterator = pings.makeAsyncIterator()
            #expect(await iterator.next() == #"1 {"message":"ping"}"#)
            guard case .control(.pong) = await connection.next() else { throw LostOrder() }
            #expect(connection.isCaughtUp)
            connection.close(reason: "no longer needed")
            guard case .ended = await connection.next() else { throw LostOrder() }
        }
    }

    @Test(
        "each refusal of the handshake says what to do, and none shows the channel (C5)",
        arguments: [
            (401, "", "channel-invalid"), (403, "", "channel-invalid"), (404, "", "channel-invalid"),
            (410, "", "channel-invalid"), (429, "retry-after: 7", "throttled"), (503, "", "unavailable"),
            (302, "location: wss://other.example/channels/streaming-0-s3cret", "unavailable"),
        ]
    )
    func refusals(status: Int, header: String, cause: String) async throws {
        let log = LogRecorder()
        let failure = try await RawServer.with { peer in
            _ = try await peer.request()
            try await peer.answer(
                status: status,
                headers: header.isEmpty ? [] : [header],
                body: #"{"message":"no streaming-0-s3cret"}"#
            )
        } _: { port -> ChannelDialFailure? in
            do throws(ChannelDialFailure) {
                _ = try await Self.source(ChannelSettings(), log).connect(Self.channel(port))
                return nil
            } catch {
                return error
            }
        }
        #expect(failure?.cause == cause)
        #expect(failure?.reason.contains("s3cret") == false)
        #expect(!log.lines.contains { $0.contains("s3cret") })
        if status == 429, case .throttled(let seconds, _) = failure { #expect(seconds == 7) }
    }

    @Test(
        "a URI that is none needs another channel (C5)",
        arguments: ["", "https://a.example/x", "wss://a b/", "wss://u@h/x"]
    )
    func badURI(uri: String) async throws {
        let channel = NotificationChannel(id: Secret("c"), connectURI: Secret(uri), expiresAtMilliseconds: nil)
        let failure: ChannelDialFailure?
        do throws(ChannelDialFailure) {
            _ = try await Self.source(ChannelSettings(), LogRecorder()).connect(channel)
            failure = nil
        } catch {
            failure = error
        }
        #expect(failure?.cause == "channel-invalid")
    }

    private struct LostOrder: Error {}
}
