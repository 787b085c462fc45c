import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import WebSocketClient

@Suite("A slow consumer and a hostile peer", .timeLimit(.minutes(2)))
struct BackpressureTests {
    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { self.count.load(ordering: .relaxed) }
        func increment() { self.count.add(1, ordering: .relaxed) }
    }

    /// What one pass of reading delivers: NIO reads at most four times.
    private static let passBytesMax = 4 * 256 * 1024

    @Test("while the consumer does not read, the socket is not read, and then everything arrives in order (S3.3)")
    func heldBack() async throws {
        let messageBytes = 64 * 1024
        let count = 800
        let written = Counter()
        let (pings, sawPing) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            try await withThrowingTaskGroup(of: Void.self) { group in
                let channel = peer.channel
                group.addTask {
                    // Returns when the kernel has taken it: its buffers grow to about 40 MB.
                    var message = ByteBuffer(
                        bytes: ServerFrame.binary([UInt8](repeating: 0x2A, count: messageBytes)).bytes
                    )
                    for index in 0..<count {
                        // Behind a header of 10 bytes.
                        message.setInteger(UInt32(index), at: message.readerIndex + 10)
                        try await channel.writeAndFlush(message)
                        written.increment()
                    }
                    try await channel.writeAndFlush(ByteBuffer(bytes: ServerFrame.close(1000).bytes))
                }
                while let frame = try await peer.readFrame() {
                    if frame.opcode == 9 { sawPing.yield() }
                    if frame.opcode == 8 { break }
                }
                try await group.waitForAll()
            }
        } while: { server in
            let connection = try await server.connect { $0.readAheadBytes = 512 * 1024 }
            // Each turn is a round trip. The pass of reading that filled the mailbox ends before the last ping leaves.
            var isHeldBack = false
            while !isHeldBack {
                isHeldBack = connection.isReadingHeldBack
                try await connection.ping()
                await pings.first { _ in true }
            }
            let received = connection.statistics.bytesReceived
            let bound = 512 * 1024 + messageBytes + Self.passBytesMax
            #expect(received <= UInt64(bound))
            // Sending goes on, and time passes: nothing more is read.
            for _ in 0..<50 {
                try await connection.ping()
                await pings.first { _ in true }
            }
            #expect(connection.statistics.bytesReceived == received)
            #expect(connection.isReadingHeldBack)
            #expect(written.value < count)
            for index in 0..<count {
                let event = try await connection.next()
                guard case .message(let message) = event else {
                    Issue.record("\(event) instead of message \(index)")
                    return
                }
                #expect(message.payload.readableBytes == messageBytes)
                #expect(message.payload.getInteger(at: message.payload.readerIndex, as: UInt32.self) == UInt32(index))
            }
            #expect(try await connection.next() == .closed(.peerClosed(code: 1000, reason: "")))
        }
    }

    @Test("pings within the read-ahead are answered while the consumer is busy elsewhere (S3.3, S4.6)")
    func pingsOfABusyConsumer() async throws {
        let (pongs, sawPong) = AsyncStream.makeStream(of: [UInt8].self)
        try await RawServer.run { peer in
            try await peer.upgrade()
            for index in 0..<5 {
                try await peer.write([.text("not taken"), .ping([UInt8(index)])])
                guard let frame = try await peer.readFrame() else { return }
                sawPong.yield(frame.payload)
            }
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect()
            var iterator = pongs.makeAsyncIterator()
            for index in 0..<5 {
                #expect(await iterator.next() == [UInt8(index)])
            }
            connection.abort()
        }
    }

    @Test(
        "a peer that floods with pings and does not read the pongs is answered by the latest only",
        .timeLimit(.minutes(1))
    )
    func pingFlood() async throws {
        let count = 100_000
        let padding = [UInt8](repeating: 0, count: 121)
        let payload = { @Sendable (index: Int) in
            padding + (0..<4).map { UInt8(truncatingIfNeeded: index >> (24 - 8 * $0)) }
        }
        let (taken, goOn) = AsyncStream.makeStream(of: Void.self)
        try await RawServer.run(receiveBufferBytes: 64 * 1024) { peer in
            try await peer.upgrade()
            for start in stride(from: 0, to: count, by: 1000) {
                try await peer.write((start..<start + 1000).flatMap { ServerFrame.ping(payload($0)).bytes })
            }
            try await peer.write([.text("all pings sent")])
            await taken.first { _ in true }
            var pongs = 0
            while let frame = try await peer.readFrame(), frame.opcode == 10 {
                pongs += 1
                if frame.payload == payload(count - 1) { break }
            }
            try await peer.write([.close(1000, "\(pongs)")])
            try await peer.readToEnd()
        } while: { server in
            let connection = try await server.connect()
            #expect(
                try await connection.next()
                    == .message(WebSocketMessage(kind: .text, payload: ByteBuffer(string: "all pings sent")))
            )
            goOn.yield()
            let (_, close) = try await connection.drain()
            guard case .peerClosed(1000, let reason) = close, let pongs = Int(reason) else {
                Issue.record("\(close)")
                return
            }
            // What the kernel's buffers hold, not what was asked.
            #expect(pongs > 0 && pongs < count / 2)
        }
    }

    @Test("empty messages cannot make the mailbox grow beyond its bound")
    func emptyMessages() throws {
        let mailbox = Mailbox(capacityBytes: 100_000)
        let events = try Self.deliver(
            ByteBuffer(
                bytes: [UInt8](repeating: 0, count: 200_000).enumerated().map { $0.offset.isMultiple(of: 2) ? 0x82 : 0 }
            ),
            to: mailbox
        )
        #expect(events < 2000)
        #expect(mailbox.isHeldBack)
    }

    @Test("small messages do not keep large read buffers alive beyond the bound")
    func sparseReads() throws {
        // Each read is nearly full of pings and has one small message at its end.
        let mailbox = Mailbox(capacityBytes: 1_000_000)
        var read = ByteBufferAllocator().buffer(capacity: 256 * 1024)
        let ping = ServerFrame.ping([UInt8](repeating: 0, count: 125)).bytes
        while read.readableBytes + 1000 < 256 * 1024 { read.writeBytes(ping) }
        read.writeBytes(ServerFrame.text("small").bytes)
        var count = 0
        while !mailbox.isHeldBack, count < 100 {
            var copy = ByteBufferAllocator().buffer(capacity: 256 * 1024)
            copy.writeImmutableBuffer(read)
            _ = try Self.deliver(copy, to: mailbox)
            count += 1
        }
        #expect(count == 4)
    }

    /// Lets a handler without a socket take `bytes`; returns how many events the mailbox took.
    private static func deliver(_ bytes: ByteBuffer, to mailbox: Mailbox) throws -> UInt64 {
        let limits = FrameLimits(maxFrameBytes: 1000, maxMessageBytes: 1000, maxFragments: 10)
        let channel = EmbeddedChannel(
            handler: WebSocketHandler(mailbox: mailbox, limits: limits, closeTimeout: .seconds(1))
        )
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(bytes)
        return mailbox.statistics.framesReceived
    }
}
