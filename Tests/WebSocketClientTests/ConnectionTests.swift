import NIOCore
import NIOPosix
import Testing

@testable import WebSocketClient

@Suite("An open connection", .timeLimit(.minutes(2)))
struct ConnectionTests {
    private static func text(_ text: String) -> WebSocketEvent {
        .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: text)))
    }

    // MARK: Sending

    @Test("messages of every size arrive masked with fresh keys, in one frame each")
    func sending() async throws {
        let sizes = [0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 1_000_003]
        let (frames, seen) = AsyncStream.makeStream(of: ClientFrame.self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            while let frame = try await peer.readFrame() { seen.yield(frame) }
        } while: { server in
            let connection = try await server.connect()
            var iterator = frames.makeAsyncIterator()
            var keys: Set<[UInt8]> = []
            for size in sizes {
                let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try await connection.send(binary: ByteBuffer(bytes: payload))
                let frame = try #require(await iterator.next())
                #expect(frame.opcode == 2 && frame.isFinal && frame.reserved == 0 && frame.payload == payload)
                keys.insert(try #require(frame.maskingKey))
            }
            #expect(keys.count == sizes.count)
            try await connection.send(text: "größer")
            #expect(await iterator.next().map { $0.opcode == 1 && $0.payload == Array("größer".utf8) } == true)
            connection.abort()
        }
    }

    @Test("what may not be sent is refused")
    func refusals() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade()
            _ = try await peer.readFramesToClose()
        } while: { server in
            let connection = try await server.connect()
            let notText = WebSocketMessage(kind: .text, payload: ByteBuffer(bytes: [0xC3]))
            await #expect(throws: WebSocketSendError.textNotUTF8) { try await connection.send(notText) }
            await #expect(throws: WebSocketSendError.pingTooLong) {
                try await connection.ping(ByteBuffer(repeating: 0, count: 126))
            }
            await connection.close()
            await #expect(throws: WebSocketSendError.closed) { try await connection.send(text: "late") }
            await #expect(throws: WebSocketSendError.closed) { try await connection.ping() }
        }
    }

    @Test("a ping goes out with its payload and its pong comes back in order with messages (S4.6)")
    func pings() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade()
            while let frame = try await peer.readFrame() {
                if frame.opcode == 9 { try await peer.write([.text("before"), .pong(frame.payload), .text("after")]) }
            }
        } while: { server in
            let connection = try await server.connect()
            try await connection.ping(ByteBuffer(string: "42"))
            #expect(try await connection.next() == Self.text("before"))
            #expect(try await connection.next() == .pong(ByteBuffer(string: "42")))
            #expect(try await connection.next() == Self.text("after"))
            connection.abort()
        }
    }

    // MARK: Closing

    @Test("close sends code and reason, waits for the answer, and drops what comes after")
    func closing() async throws {
        let (frames, seen) = AsyncStream.makeStream(of: ClientFrame.self)
        try await RawServer.run { peer in
            try await peer.upgrade(followedBy: ServerFrame.text("early").bytes)
            for frame in try await peer.readFramesToClose() { seen.yield(frame) }
            try await peer.write([.text("late"), .ping(), .close(1001, "Pong timeout exceeded")])
        } while: { server in
            let connection = try await server.connect()
            #expect(try await connection.next() == Self.text("early"))
            await connection.close(code: .goingAway, reason: "Pong timeout exceeded")
            let close = try #require(await frames.first { _ in true })
            #expect(close.closeCode == 1001)
            #expect(close.payload.dropFirst(2).elementsEqual("Pong timeout exceeded".utf8))
            #expect(try await connection.next() == .closed(.closedByUs(code: 1001)))
            #expect(try await connection.next() == .closed(.closedByUs(code: 1001)))
            #expect(connection.statistics.messagesDiscarded == 1)
        }
    }

    @Test("a peer that does not answer a close frame is left after the time-out")
    func closeTimeout() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect { $0.closeTimeout = .milliseconds(200) }
            await connection.close()
            #expect(try await connection.next() == .closed(.closedByUs(code: 1000)))
        }
    }

    @Test("close ends also when the consumer is far behind")
    func closeWhileHeldBack() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade(
                followedBy: [ServerFrame](repeating: .binary([UInt8](repeating: 1, count: 60_000)), count: 50).bytes
            )
            _ = try await peer.readFramesToClose()
            try await peer.write([.close(1000)])
        } while: { server in
            let connection = try await server.connect { $0.readAheadBytes = 100_000 }
            while !connection.isReadingHeldBack { try await connection.ping() }
            await connection.close()
            let (events, close) = try await connection.drain()
            #expect(!events.isEmpty && events.count < 50)
            #expect(close == .closedByUs(code: 1000))
        }
    }

    @Test("a long reason is cut at a character")
    func longReason() {
        let payload = FrameEncoder.closePayload(code: 1000, reason: String(repeating: "é", count: 80))
        #expect(payload.readableBytes == 2 + 122)
        #expect(FrameEncoder.closePayload(code: nil, reason: "ignored").readableBytes == 0)
    }

    @Test(
        "codes that may not be sent cannot be made",
        arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000] as [UInt16]
    )
    func closeCodes(_ code: UInt16) {
        #expect(WebSocketCloseCode(rawValue: code) == nil)
    }

    @Test(
        "what was received before a reset or an end without close frame is delivered first (S4.5)",
        arguments: [true, false]
    )
    func transportEnds(_ isReset: Bool) async throws {
        let (read, goOn) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { peer in
            try await peer.upgrade(followedBy: [.text("one"), .text("two"), .text("never", final: false)].bytes)
            if isReset {
                // A reset lets the kernel forget what was not read.
                await read.first { _ in true }
                try await peer.reset()
            }
        } while: { server in
            let connection = try await server.connect()
            #expect(try await connection.next() == Self.text("one"))
            #expect(try await connection.next() == Self.text("two"))
            goOn.yield()
            let event = try await connection.next()
            guard case .closed(.transport(let description)) = event else {
                Issue.record("\(event)")
                return
            }
            #expect(description.contains(isReset ? "reset" : "without a close frame"))
            #expect(try await connection.next() == event)
        }
    }

    @Test("abort ends the connection for both sides at once")
    func abort() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            do { try await peer.readToEnd() } catch {}
            end.yield()
        } while: { server in
            let connection = try await server.connect()
            connection.abort()
            #expect(try await connection.next() == .closed(.transport(description: "aborted by us")))
            await ended.first { _ in true }
        }
    }

    @Test("a connection that is let go is aborted")
    func letGo() async throws {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            do { try await peer.readToEnd() } catch {}
            end.yield()
        } while: { server in
            _ = try await server.connect()
            await ended.first { _ in true }
        }
    }

    // MARK: The consumer

    @Test("a cancelled next throws at once and loses nothing")
    func cancellation() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade()
            while let frame = try await peer.readFrame() {
                if frame.opcode == 1 { try await peer.write([.text("for the next call")]) }
            }
        } while: { server in
            let connection = try await server.connect()
            for round in 0..<200 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = await #expect(throws: CancellationError.self) { try await connection.next() }
                    }
                    if round.isMultiple(of: 2) { await Task.yield() }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
            try await connection.send(text: "go")
            #expect(try await connection.next() == Self.text("for the next call"))
            connection.abort()
        }
    }

    @Test("statistics count bytes, frames and fragmented messages")
    func statistics() async throws {
        let frames: [ServerFrame] = [
            .text("a", final: false), .ping([1]), .more("b", final: true), .text("c"), .pong(), .close(1000),
        ]
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await peer.write(frames)
            _ = try await peer.readFramesToClose()
        } while: { server in
            let connection = try await server.connect()
            _ = try await connection.drain()
            #expect(connection.statistics.bytesReceived == UInt64(frames.bytes.count))
            #expect(connection.statistics.framesReceived == 6)
            #expect(connection.statistics.fragmentedMessagesReceived == 1)
            #expect(connection.statistics.messagesDiscarded == 0)
        }
    }

    @Test("an echo ends with the peer's close")
    func echo() async throws {
        let (echoes, seen) = AsyncStream.makeStream(of: [ClientFrame].self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await peer.write([.text("hello"), .binary([1, 2], final: false), .more([3], final: true)])
            let first = try await peer.readFrame()
            let second = try await peer.readFrame()
            seen.yield([first, second].compactMap { $0 })
            try await peer.write([.close(1000, "done")])
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect()
            #expect(await WebSocketEcho.run(connection: connection) == .peerClosed(code: 1000, reason: "done"))
            let frames = try #require(await echoes.first { _ in true })
            #expect(frames.map(\.opcode) == [1, 2])
            #expect(frames.map(\.payload) == [Array("hello".utf8), [1, 2, 3]])
        }
    }

    // MARK: The socket

    @Test("keep-alive, user time-out and no-delay are what the configuration says (S6.1)")
    func socketOptions() async throws {
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await peer.readToEnd()
        } while: { server in
            let usual = try await server.connect()
            #expect(try await usual.socketOption(SocketOptions.keepAlive) == 1)
            #expect(try await usual.socketOption(SocketOptions.keepAliveIdle) == 30)
            #expect(try await usual.socketOption(SocketOptions.keepAliveInterval) == 10)
            #expect(try await usual.socketOption(SocketOptions.keepAliveCount) == 3)
            #expect(try await usual.socketOption(SocketOptions.userTimeout) == 60_000)
            #expect(try await usual.socketOption(SocketOptions.noDelay) == 1)
            usual.abort()
            let unusual = try await server.connect { configuration in
                configuration.keepAlive?.idle = .seconds(21)
                configuration.keepAlive?.interval = .seconds(7)
                configuration.keepAlive?.count = 5
                configuration.tcpUserTimeout = .milliseconds(45_500)
                configuration.noDelay = false
                configuration.receiveBuffer.kernelBytes = 32 * 1024
            }
            #expect(try await unusual.socketOption(SocketOptions.keepAliveIdle) == 21)
            #expect(try await unusual.socketOption(SocketOptions.keepAliveInterval) == 7)
            #expect(try await unusual.socketOption(SocketOptions.keepAliveCount) == 5)
            #expect(try await unusual.socketOption(SocketOptions.userTimeout) == 45_500)
            #expect(try await unusual.socketOption(SocketOptions.noDelay) == 0)
            // Linux doubles the number, for its own bookkeeping.
            #expect(try await unusual.socketOption(SocketOptions.kernelReceiveBuffer) <= 2 * 32 * 1024)
            unusual.abort()
        }
    }
}
