import NIOCore
import Testing

@testable import WebSocketClient

@Suite("RFC 6455 as the Autobahn client cases ask for it", .timeLimit(.minutes(2)))
struct ConformanceTests {
    private static let limits = FrameLimits(maxFrameBytes: 131_072, maxMessageBytes: 196_608, maxFragments: 64)

    enum Delivery: CaseIterable, Sendable {
        /// In the same write as the answer to the upgrade.
        case withUpgrade
        /// In one write of its own.
        case oneWrite
        /// In many small writes.
        case chopped
    }

    @Test("over a socket", arguments: ConformanceCases.all, Delivery.allCases)
    func overSocket(_ example: ConformanceCase, _ delivery: Delivery) async throws {
        let (frames, sent) = AsyncStream.makeStream(of: [ClientFrame].self)
        try await RawServer.run { peer in
            try await Self.send(example.bytes, delivery, to: peer)
            sent.yield(try await peer.readFramesToClose())
        } while: { server in
            let connection = try await server.connect { configuration in
                configuration.maxFrameBytes = Self.limits.maxFrameBytes
                configuration.maxMessageBytes = Self.limits.maxMessageBytes
                configuration.maxFragments = Self.limits.maxFragments
            }
            let (events, close) = try await connection.drain()
            #expect(events.map(Self.received) == example.received)
            Self.expect(close, example.end)
            let answer = try #require(await frames.first { _ in true })
            Self.expect(answer, example)
        }
    }

    private static func send(_ bytes: [UInt8], _ delivery: Delivery, to peer: RawPeer) async throws {
        switch delivery {
        case .withUpgrade:
            try await peer.upgrade(followedBy: bytes)
        case .oneWrite:
            try await peer.upgrade()
            try await peer.write(bytes)
        case .chopped:
            try await peer.upgrade()
            let size = max(1, bytes.count / 100)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await peer.write(Array(bytes[start..<min(start + size, bytes.count)]))
            }
        }
    }

    /// Section 5.1: every frame is masked; section 5.5.3: every ping is answered; section 5.5.1: close is answered.
    private static func expect(_ frames: [ClientFrame], _ example: ConformanceCase) {
        for frame in frames {
            #expect(frame.maskingKey != nil && frame.isFinal && frame.reserved == 0)
        }
        #expect(frames.filter { $0.opcode == 10 }.map(\.payload) == example.pongs)
        #expect(frames.last?.opcode == 8)
        switch example.end {
        case .peerClosed(_, _, let answer): #expect(frames.last?.closeCode == answer)
        case .fails(let code): #expect(frames.last?.closeCode == code)
        }
    }

    @Test("in pieces of every size", arguments: ConformanceCases.all)
    func inPieces(_ example: ConformanceCase) {
        let sizes =
            example.bytes.count > 4096 ? [997, 16_384, example.bytes.count] : [1, 2, 3, 7, 64, example.bytes.count]
        for size in sizes {
            var assembler = FrameAssembler(limits: Self.limits)
            var received: [ConformanceCase.Received] = []
            var pings: [[UInt8]] = []
            var end: WebSocketClose?
            for start in stride(from: 0, to: example.bytes.count, by: size) {
                var input = ByteBuffer(bytes: example.bytes[start..<min(start + size, example.bytes.count)])
                feeding: while true {
                    switch assembler.next(&input) {
                    case .needMoreBytes: break feeding
                    case .message(let message, _): received.append(Self.received(.message(message)))
                    case .pong(let payload): received.append(Self.received(.pong(payload)))
                    case .ping(let payload): pings.append(Array(buffer: payload))
                    case .close(let close): end = .peerClosed(code: close.code, reason: close.reason)
                    case .unreadable(let message): Issue.record("skipped, and not failed: \(message)")
                    case .violation(let violation): end = .protocolError(code: violation.code, description: "")
                    }
                }
            }
            #expect(received == example.received, "pieces of \(size)")
            #expect(pings == example.pongs, "pieces of \(size)")
            Self.expect(end, example.end)
        }
    }

    @Test("invalid text fails at the first byte that cannot be right", arguments: UTF8Samples.invalid.indices)
    func failsFast(_ index: Int) {
        let sample = UTF8Samples.invalid[index]
        guard sample.detectableAfter <= sample.bytes.count else { return }
        // One frame whose rest never comes.
        var assembler = FrameAssembler(limits: Self.limits)
        var header = ByteBuffer(bytes: ServerFrame.text(bytes: [UInt8](repeating: 0x20, count: 2000)).bytes.prefix(4))
        #expect(assembler.next(&header) == .needMoreBytes)
        for (count, byte) in zip(1..., sample.bytes) {
            var input = ByteBuffer(bytes: [byte])
            let step = assembler.next(&input)
            if count < sample.detectableAfter {
                #expect(step == .needMoreBytes, "byte \(count) of \(sample.name)")
            } else {
                guard case .violation(let violation) = step else {
                    Issue.record("byte \(count) of \(sample.name) was let through")
                    return
                }
                #expect(violation.code == 1007)
                return
            }
        }
    }

    private static func received(_ event: WebSocketEvent) -> ConformanceCase.Received {
        switch event {
        case .message(let message) where message.kind == .text:
            .text(Array(buffer: message.payload), frames: message.fragmentCount)
        case .message(let message):
            .binary(Array(buffer: message.payload), frames: message.fragmentCount)
        case .pong(let payload):
            .pong(Array(buffer: payload))
        case .unreadable(let message):
            .text("skipped, and not failed: \(message)", frames: 0)
        case .closed(let close):
            .text("closed too early: \(close)")
        }
    }

    private static func expect(_ close: WebSocketClose?, _ end: ConformanceCase.End) {
        switch (end, close) {
        case (.peerClosed(let code, let reason, _), .peerClosed(let seenCode, let seenReason)):
            #expect(seenCode == code && seenReason == reason)
        case (.fails(let code), .protocolError(let seenCode, _)):
            #expect(seenCode == code)
        default:
            Issue.record("expected \(end), was \(String(describing: close))")
        }
    }
}
