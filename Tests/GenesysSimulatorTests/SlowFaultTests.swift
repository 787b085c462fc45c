import GenesysSimulator
import NIOCore
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Slowness, silence, idleness, rolling restarts and pings.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct SlowFaultTests {
    private static let quiet: SimulatedTenant = {
        var tenant = acme
        tenant.rate = .eventsPerSecond(0)
        return tenant
    }()

    @Test func `a slow write brings everything whole, but not faster than it was asked to`() async throws {
        try await withSimulator(Self.quiet, { $0.startAt = .beginning }) { simulator in
            try await withStream(simulator, ["maxBatchSize": "3", "maxLatency": "3600000"]) { stream in
                let fault = Fault.slowWrite(bytes: 20, intervalMilliseconds: 5, durationMilliseconds: nil)
                let start = ContinuousClock.now
                #expect(try await simulator.inject(fault) == 1)
                try await simulator.setRate(.eventsPerSecond(1_000))
                try await stream.sendFrame(opcode: 9, [4])
                let first = try #require(try await stream.message())
                #expect(try Batch(first).sequences == [0, 1, 2])
                // One piece goes at once, the others an interval apart.
                let pieces = Int64(first.count / 20 - 1)
                #expect(ContinuousClock.now - start >= .milliseconds(pieces * 5))
                #expect(try Batch(try #require(try await stream.message())).sequences == [3, 4, 5])
                while stream.pongs.isEmpty { _ = try await stream.message() }
                #expect(stream.pongs == [[4]])
            }
            #expect(try await simulator.tenant().faultsFired == ["slowWrite": 1])
        }
    }

    @Test func `a slow write ends at its time, with nothing lost`() async throws {
        try await withSimulator(acme, { $0.startAt = .beginning }) { simulator in
            try await withStream(simulator, ["maxLatency": "5"]) { stream in
                let fault = Fault.slowWrite(bytes: 1, intervalMilliseconds: 5, durationMilliseconds: 100)
                var next = try await stream.batchWithEvents().sequences.count
                #expect(try await simulator.inject(fault) == 1)
                let produced = try await simulator.tenant().eventsProduced
                // At this pace one event would take three seconds.
                while next < produced + 200 {
                    let batch = try await stream.batchWithEvents()
                    #expect(batch.sequences == Array(next..<next + batch.events.count))
                    next += batch.events.count
                }
            }
        }
    }

    @Test func `a reset comes through a slow write`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                let fault = Fault.slowWrite(bytes: 1, intervalMilliseconds: 1_000, durationMilliseconds: nil)
                let reached = [try await simulator.inject(fault), try await simulator.inject(.reset)]
                #expect(reached == [1, 1])
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
            }
        }
    }

    @Test func `a slow read sees everything, but not faster than it was asked to, and ends at its time`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                let fault = Fault.slowRead(bytes: 2, intervalMilliseconds: 2, durationMilliseconds: nil)
                #expect(try await simulator.inject(fault) == 1)
                let start = ContinuousClock.now
                for number in UInt8(0)..<20 { try await stream.sendFrame(opcode: 9, [number]) }
                while try await simulator.tenant().pingsReceived < 20 { _ = try await stream.frame() }
                // 20 pings of 7 bytes each, a read's worth of them perhaps already under way.
                #expect(ContinuousClock.now - start >= .milliseconds(100))
                let end = Fault.slowRead(bytes: 2, intervalMilliseconds: 2, durationMilliseconds: 1)
                #expect(try await simulator.inject(end) == 1)
                try await stream.sendClose(1000)
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 1000)
            }
            #expect(try await simulator.tenant().faultsFired == ["slowRead": 2])
        }
    }

    @Test func `a half-open connection that still reads says nothing, and does not cover its client`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(.halfOpen(reads: true)) == 1)
                try await stream.sendFrame(opcode: 9, [1])
                try await until { try await simulator.tenant().pingsReceived != 0 }
                let truth = try await simulator.tenant()
                #expect(truth.connectionsOpen == 1 && truth.coverage.streamsOpen == 0)
                #expect(try await simulator.inject(.reset) == 1)
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                #expect(stream.pongs.isEmpty)
            }
            #expect(try await simulator.tenant().faultsFired == ["halfOpen": 1, "reset": 1])
        }
    }

    // MARK: Idleness

    @Test func `an idle connection is reset, as a proxy does it, once it is idle (S6.2)`() async throws {
        try await withSimulator(Self.quiet, { $0.idleTimeoutMilliseconds = 150 }) { simulator in
            // Batches keep the first one alive for a while; the second has none.
            try await withStream(simulator, ["maxLatency": "20"]) { stream in
                for _ in 0..<15 { _ = try #require(try await stream.message()) }
                #expect(try await simulator.tenant().faultsFired.isEmpty)
                _ = try await simulator.inject(.stall(durationMilliseconds: nil))
                let error = await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                #expect(error?.errnoCode == ECONNRESET)
            }
            let start = ContinuousClock.now
            try await withStream(simulator, ["maxLatency": "3600000"]) { stream in
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                #expect(ContinuousClock.now - start >= .milliseconds(150))
            }
            #expect(try await simulator.tenant().faultsFired == ["stall": 1, "idleTimeout": 2])
        }
    }

    @Test func `the watch for idleness can be begun on open streams, and counts only when it finds some`() async throws
    {
        try await withSimulator(Self.quiet) { simulator in
            try await withStream(simulator, ["maxLatency": "3600000"]) { stream in
                let first = try await simulator.inject(.idleTimeout(milliseconds: 3_600_000))
                let fired = try await simulator.tenant().faultsFired
                let second = try await simulator.inject(.idleTimeout(milliseconds: 30))
                #expect(first == 1 && fired.isEmpty && second == 1)
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
            }
            #expect(try await simulator.tenant().faultsFired == ["idleTimeout": 1])
        }
    }

    // MARK: A rolling restart

    @Test(arguments: [UInt16(1001), 1012])
    func `a drain closes the streams of one node after another`(code: UInt16) async throws {
        try await withSimulator(acme, { $0.nodeCount = 3 }) { simulator in
            let token = try await token(simulator)
            try await self.withStreams(6, simulator, token: token) { streams in
                let nodes = try await simulator.tenant().connections.map(\.node)
                #expect(Set(nodes) == [0, 1, 2])
                let start = ContinuousClock.now
                #expect(try await simulator.inject(.drain(code: code, intervalMilliseconds: 40)) == 6)
                var seen: [Set<Int>] = []
                try await until {
                    let truth = try await simulator.tenant()
                    let open = Set(truth.connections.filter { $0.serverCloseCode == nil }.map(\.node))
                    if seen.last != open { seen.append(open) }
                    return open.isEmpty
                }
                #expect(ContinuousClock.now - start >= .milliseconds(80))
                #expect(seen.allSatisfy { [[1, 2], [2], []].contains($0) }, "\(seen)")
                for stream in streams {
                    while try await stream.message() != nil {}
                    #expect(stream.closeCode == Int(code))
                }
            }
            #expect(try await simulator.tenant().faultsFired == ["drain": 6])
        }
    }

    private func withStreams(
        _ count: Int,
        _ simulator: GenesysSimulator,
        token: String,
        _ streams: [RawConnection] = [],
        _ body: ([RawConnection]) async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body(streams) }
        try await withStream(simulator, token: token) { stream in
            try await self.withStreams(count - 1, simulator, token: token, streams + [stream], body)
        }
    }

    // MARK: Pings

    @Test(arguments: [0, 8, 125])
    func `a storm of pings has its payloads, and pongs are compared with them (S4.6)`(bytes: Int) async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                #expect(try await simulator.inject(.serverPing(count: 50, bytes: bytes)) == 1)
                while stream.pingCount < 50 { _ = try await stream.batch() }
                #expect(stream.pings.allSatisfy { $0.count == bytes })
                #expect(bytes == 0 || Set(stream.pings).count == 50)
                try await until { try await simulator.tenant().pongsReceived >= 50 }
                try await stream.sendFrame(opcode: 10, [1, 2, 3])
                try await until { try await simulator.tenant().pongsReceived >= 51 }
                let truth = try await simulator.tenant()
                #expect(truth.pingsSent == 50 && truth.pongsMatched == 50)
                #expect(truth.faultsFired == ["serverPing": 1])
            }
        }
    }
}
