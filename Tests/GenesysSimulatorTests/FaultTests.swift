import GenesysSimulator
import NIOCore
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite(.serialized, .timeLimit(.minutes(1)))
struct FaultTests {
    private func fired(_ simulator: GenesysSimulator) async throws -> [String: Int] {
        try await simulator.tenant().faultsFired
    }

    @Test(arguments: [
        (Fault.tokenExpired, 4001, "token_expired"), (.goingAway, 1001, "going away"),
        (.rateLimited(code: 429, retryAfterSeconds: 9), 429, "rate limit exceeded; retry-after: 9"),
        (.rateLimited(code: 4429, retryAfterSeconds: 9), 4429, "rate limit exceeded; retry-after: 9"),
        (.rateLimited(code: 1008, retryAfterSeconds: nil), 1008, "rate limit exceeded"),
        (.rateLimited(code: 1013, retryAfterSeconds: 1), 1013, "rate limit exceeded; retry-after: 1"),
        (.drain(code: 1012, intervalMilliseconds: 0), 1012, "service restart"),
        (
            .resourceDeleted(resourceId: nil, closesStreams: true), 400,
            "Invalid subscription: resource not found or insufficient permissions"
        ),
    ])
    func `a closing fault is on the wire, and nothing follows it`(fault: Fault, code: Int, reason: String) async throws
    {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(fault, tenant: "acme") == 1)
                while try await stream.message() != nil {}
                #expect(stream.closeCode == code)
                #expect(stream.closeReason == reason)
                #expect(try await simulator.inject(.goingAway) == 0, "a stream that is closing cannot be closed again")
                try await stream.sendClose(1000)
                #expect(try await stream.frame() == nil, "the server ends the connection")
            }
            #expect(try await self.fired(simulator) == [fault.kind.rawValue: 1])
        }
    }

    @Test func `a fault without a living stream does not count`() async throws {
        try await withSimulator { simulator in
            let faults: [Fault] = [
                .reset, .goingAway, .stall(durationMilliseconds: 1), .fragmentation(messages: 1, seed: 1),
            ]
            for fault in faults {
                let reached = try await simulator.inject(fault)
                #expect(reached == 0)
            }
            #expect(try await self.fired(simulator).isEmpty)
            await #expect(throws: SimulatorError.unknownTenant("x")) { try await simulator.inject(.reset, tenant: "x") }
        }
    }

    @Test func `after an expiry the same token is refused`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { stream in
                try await simulator.inject(.tokenExpired)
                while try await stream.message() != nil {}
            }
            #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 401)
        }
    }

    @Test func `a reset is a reset, not an end`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(.reset) == 1)
                let error = await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                #expect(error?.errnoCode == ECONNRESET)
            }
            #expect(try await self.fired(simulator) == ["reset": 1])
            #expect(try await simulator.tenant().connectionsOpen == 0)
        }
    }

    @Test func `a reset comes through a full socket`() async throws {
        var tenant = acme
        tenant.rate = .unlimited
        try await withSimulator(tenant) { simulator in
            try await withStream(simulator) { stream in
                try await simulator.inject(.reset)
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
            }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `fragments join to the same bytes, with pings between and cuts inside characters`(seed: UInt64) async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(0)
        try await withSimulator(tenant, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            // No empty batches: every message has ten events.
            let parameters = ["maxBatchSize": "10", "maxLatency": "3600000"]
            var pieces: [[[UInt8]]] = []
            try await withStream(simulator, token: token, parameters) { stream in
                #expect(try await simulator.inject(.fragmentation(messages: 30, seed: seed)) == 1)
                try await simulator.setRate(.unlimited)
                while pieces.count < 30 { pieces.append(try #require(try await stream.fragments())) }
                #expect(stream.pingCount > 0, "seed \(seed)")
                #expect(try await stream.fragments()?.count == 1, "only as many as were asked for")
            }
            #expect(pieces.allSatisfy { $0.count > 1 })
            let events = try pieces.flatMap { try Batch($0.reduce([], +)).events }
            try await withStream(simulator, token: token, ["maxBatchSize": "300"]) { stream in
                let isSame = try await stream.batchWithEvents().events == events
                #expect(isSame, "seed \(seed)")
            }
            let inside = pieces.joined().filter { $0.first.map { $0 & 0xC0 == 0x80 } ?? false }
            #expect(!inside.isEmpty, "seed \(seed)")
            #expect(try await self.fired(simulator) == ["fragmentation": 30])
        }
    }

    @Test func `after a stall the stream goes on without loss`() async throws {
        try await withSimulator(acme, { $0.startAt = .beginning }) { simulator in
            try await withStream(simulator, ["maxLatency": "5"]) { stream in
                var next = try await stream.batchWithEvents().sequences.count
                #expect(try await simulator.inject(.stall(durationMilliseconds: 200)) == 1)
                let produced = try await simulator.tenant().eventsProduced
                while next <= produced {
                    let batch = try await stream.batchWithEvents()
                    #expect(batch.sequences == Array(next..<next + batch.events.count))
                    next += batch.events.count
                }
                try await stream.sendFrame(opcode: 9, [2])
                while stream.pongs.isEmpty { _ = try await stream.batch() }
                #expect(stream.pongs == [[2]])
            }
            #expect(try await self.fired(simulator) == ["stall": 1])
        }
    }

    @Test func `a stall without end sends neither data nor pongs, until the client goes`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator, ["maxLatency": "1"]) { stream in
                #expect(try await simulator.inject(.stall(durationMilliseconds: nil)) == 1)
                let silent = try await simulator.tenant().connections[0].batchesSent
                try await stream.sendFrame(opcode: 9, [1])
                try await until { try await simulator.tenant().pingsReceived != 0 }
                try await stream.sendClose(1001)
                try await until { try await simulator.tenant().connections[0].clientCloseCode != nil }
                let produced = try await simulator.tenant().eventsProduced
                try await until { try await simulator.tenant().eventsProduced >= produced + 100 }
                let truth = try await simulator.tenant()
                #expect(truth.connectionsOpen == 1)
                #expect(truth.connections[0].batchesSent == silent)
                // What comes before the end of a reset connection is all that was ever sent.
                try await simulator.inject(.reset)
                await #expect(throws: IOError.self) { while try await stream.message() != nil {} }
                #expect(stream.pongs.isEmpty)
            }
        }
    }

    @Test func `a stalled server notices that the client is gone`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { _ in
                let reached = try await simulator.inject(.stall(durationMilliseconds: nil))
                #expect(reached == 1)
            }
            try await until { try await simulator.tenant().connectionsOpen <= 0 }
        }
    }

    @Test func `a half-open connection does not even read`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(.halfOpen(reads: false)) == 1)
                try await stream.sendFrame(opcode: 9, [1])
                for _ in 0..<200 { #expect(try await simulator.tenant().pingsReceived == 0) }
                #expect(try await simulator.inject(.reset) == 1)
                await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                #expect(stream.pongs.isEmpty)
            }
            #expect(try await self.fired(simulator) == ["halfOpen": 1, "reset": 1])
        }
    }

    @Test func `damaged messages are damaged once, each in its own way`() async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(0)
        try await withSimulator(tenant) { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { stream in
                func next(after fault: Fault, where isDamaged: ([UInt8]) -> Bool) async throws {
                    #expect(try await simulator.inject(fault) == 1)
                    while !isDamaged(try #require(try await stream.message())) {}
                }
                func isJSON(_ message: [UInt8]) -> Bool { (try? json(String(decoding: message, as: UTF8.self))) != nil }
                func isUTF8(_ message: [UInt8]) -> Bool { String(validating: message, as: UTF8.self) != nil }
                try await next(after: .invalidUTF8(messages: 1)) { !isUTF8($0) }
                try await next(after: .invalidJSON(messages: 1)) { isUTF8($0) && !isJSON($0) }
                try await next(after: .oversizedMessage(bytes: 100_000)) {
                    (100_000...100_100).contains($0.count) && isJSON($0)
                }
                _ = try #require(try await stream.batch())
            }
            #expect(try await self.fired(simulator) == ["invalidJSON": 1, "invalidUTF8": 1, "oversizedMessage": 1])
        }
    }
}
