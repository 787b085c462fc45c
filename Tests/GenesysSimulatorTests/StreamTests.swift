import GenesysSimulator
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    @Test func `a client without a position starts at the present and gets dense sequences`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                var sequences: [Int] = []
                while sequences.count < 300 { sequences += try await stream.batchWithEvents().sequences }
                #expect(sequences == Array(sequences[0]..<sequences[0] + sequences.count))
                let truth = try await simulator.tenant()
                #expect(truth.firstSequence == sequences[0])
                #expect(truth.eventsOffered > sequences[299])
                #expect(truth.connectionsOpen == 1)
            }
        }
    }

    @Test(arguments: [PositionField.lastEventId, .timestamp])
    func `whatever the cut, a resume goes on with the very next event, byte for byte`(field: PositionField) async throws
    {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        try await withSimulator(
            tenant,
            {
                $0.positionField = field; $0.startAt = .beginning
            }
        ) { simulator in
            let token = try await token(simulator)
            var events: [[UInt8]] = []
            var cuts: [(position: String, eventCount: Int)] = []
            try await withStream(simulator, token: token, ["maxBatchSize": "7"]) { stream in
                while events.count < 210 {
                    let batch = try await stream.batchWithEvents()
                    #expect(batch.sequences == Array(events.count..<events.count + 7))
                    events += batch.events
                    #expect((batch.position == nil) == (field == .timestamp))
                    cuts.append((batch.position ?? batch.timestamp, events.count))
                }
            }
            try await simulator.stopProducing()
            for cut in cuts.prefix(20) {
                let parameters = [field.rawValue: cut.position, "maxBatchSize": "11"]
                try await withStream(simulator, token: token, parameters) { stream in
                    let batch = try await stream.batchWithEvents()
                    #expect(batch.events == Array(events[cut.eventCount..<cut.eventCount + 11]))
                    let truth = try await simulator.tenant()
                    #expect(truth.connections.last?.resumedAt == cut.eventCount)
                }
            }
        }
    }

    @Test func `two simulators of one seed have one log`() async throws {
        var seen: [[[UInt8]]] = []
        for _ in 0..<2 {
            try await withSimulator(acme, { $0.startAt = .beginning }) { simulator in
                try await withStream(simulator, ["maxBatchSize": "40"]) { stream in
                    seen.append(try await stream.batchWithEvents().events)
                }
            }
        }
        #expect(seen[0] == seen[1])
    }

    @Test func `key sequences are dense for every key, and the snapshot knows their ends`() async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(2_000)
        try await withSimulator(tenant, { $0.startAt = .beginning }) { simulator in
            try await withStream(simulator) { stream in
                var next: [String: Int] = [:]
                var end = 0
                func take(_ batch: Batch) {
                    for key in batch.keys {
                        #expect(key.keySequence == next[key.resourceId, default: 0])
                        next[key.resourceId] = key.keySequence + 1
                    }
                    end += batch.events.count
                }
                for _ in 0..<10 { take(try await stream.batchWithEvents()) }
                try await simulator.stopProducing(tenant: "acme")
                let produced = try await simulator.tenant().eventsProduced
                while end < produced { take(try await stream.batchWithEvents()) }
                let truth = try await simulator.tenant()
                #expect(truth.eventsOffered == produced)
                #expect(truth.keySequences == next)
                #expect(next.count == acme.resources.count)
            }
        }
    }

    @Test func `a subscription to one resource gets its events only, with dense key sequences`() async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        let resource = tenant.resources[1]
        let subscription = #"[{"event":"\#(resource.event)","resourceId":"\#(resource.resourceId)"}]"#
        try await withSimulator(tenant) { simulator in
            try await withStream(simulator, subscriptions: [subscription], ["maxBatchSize": "30"]) { stream in
                var next: Int?
                for _ in 0..<3 {
                    let keys = try await stream.batchWithEvents().keys
                    #expect(keys.allSatisfy { $0.resourceId == resource.resourceId })
                    let first = next ?? keys[0].keySequence
                    #expect(keys.map(\.keySequence) == Array(first..<first + keys.count))
                    next = first + keys.count
                }
            }
            let filtered = #"[{"event":"routing.queueEvents","filters":{"eventType":["QUEUE_REMOVE"]}}]"#
            try await withStream(simulator, subscriptions: [filtered], ["maxBatchSize": "30"]) { stream in
                let batch = try await stream.batchWithEvents()
                #expect(Set(batch.names) == ["routing.queueEvents"])
                #expect(Set(batch.types) == ["QUEUE_REMOVE"])
            }
        }
    }

    @Test func `a quiet stream gets empty batches, each with a position that can be resumed at`() async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(0)
        try await withSimulator(tenant) { simulator in
            let token = try await token(simulator)
            var position = ""
            try await withStream(simulator, token: token) { stream in
                var identifiers: Set<String> = []
                for _ in 0..<5 {
                    let batch = try #require(try await stream.batch())
                    #expect(batch.events.isEmpty)
                    position = try #require(batch.position)
                    identifiers.insert(batch.identifier)
                }
                #expect(identifiers.count == 5)
            }
            try await withStream(simulator, token: token, ["lastEventId": position, "maxLatency": "20"]) { stream in
                try await simulator.setRate(.eventsPerSecond(1_000))
                #expect(try await stream.batchWithEvents().sequences.first == 0)
            }
        }
    }

    @Test func `pings are answered in order and pongs are counted`() async throws {
        try await withSimulator(acme, { $0.pingIntervalMilliseconds = 5 }) { simulator in
            try await withStream(simulator) { stream in
                try await stream.sendFrame(opcode: 9, Array("one".utf8))
                try await stream.sendFrame(opcode: 9, [])
                while stream.pongs.count < 2 || stream.pingCount < 3 { _ = try await stream.message() }
                #expect(stream.pongs == [Array("one".utf8), []])
                // Our third pong is before this ping: when it is answered, the pong was read.
                try await stream.sendFrame(opcode: 9, [3])
                while stream.pongs.count < 3 { _ = try await stream.message() }
                let truth = try await simulator.tenant()
                #expect(truth.pingsReceived == 3)
                #expect(truth.pongsReceived >= 3)
                #expect(truth.violations.isEmpty)
            }
        }
    }

    @Test func `what a client must not do is recorded`() async throws {
        try await withSimulator(acme, { $0.clientPingIntervalMinMilliseconds = 3_600_000 }) { simulator in
            try await withStream(simulator) { stream in
                try await stream.sendFrame(opcode: 1, Array("hello".utf8))
                try await stream.sendFrame(opcode: 9, [1])
                try await stream.sendFrame(opcode: 9, [2])
                try await stream.sendFrame(opcode: 9, [3], isMasked: false)
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 1002)
                #expect(stream.pongs == [[1], [2]])
            }
            try await withStream(simulator) { stream in
                try await stream.sendFrame(opcode: 9, [1], isFinal: false)
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 1002)
            }
            try await withStream(simulator) { stream in
                try await stream.sendFrame(opcode: 3, [1])
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 1002)
            }
            let truth = try await simulator.tenant()
            #expect(truth.violations == ["dataFrame": 1, "pingTooOften": 1, "unmaskedFrame": 1, "malformedFrame": 2])
        }
    }

    @Test func `a client's close frame is answered and its code recorded`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                try await stream.sendClose(1001)
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 1001)
                #expect(try await stream.frame() == nil)
            }
            let truth = try await simulator.tenant()
            #expect(truth.connections.map(\.clientCloseCode) == [1001])
            #expect(truth.connectionsOpen == 0)
        }
    }

    @Test func `frames of the server are not masked, and an unlimited rate is whole JSON of the right size`()
        async throws
    {
        var tenant = acme
        tenant.rate = .unlimited
        try await withSimulator(tenant) { simulator in
            try await withStream(simulator, ["maxBatchSize": "100"]) { stream in
                try await stream.sendFrame(opcode: 9, [7])
                let first = try #require(try await stream.frame())
                #expect(!first.isMasked && first.isFinal)
                var batches = 0
                while batches < 20 || stream.pongs.isEmpty {
                    let message = try #require(try await stream.message())
                    batches += 1
                    guard batches <= 20 else { continue }
                    let batch = try Batch(message)
                    #expect(batch.events.count == 100)
                    #expect(batch.events.allSatisfy { $0.count == 611 })
                }
                #expect(stream.pongs == [[7]], "a ping is answered at full speed too")
            }
        }
    }

    @Test func `a client that does not read stops the production for it, and loses nothing`() async throws {
        var tenant = acme
        tenant.rate = .unlimited
        try await withSimulator(tenant, { $0.writeBufferBytesMax = 1 << 18 }) { simulator in
            try await withStream(simulator) { stream in
                var unchanged = 0
                var sent = 0
                while unchanged < 500 {
                    let now = try await simulator.tenant().eventsSent
                    unchanged = now == sent ? unchanged + 1 : 0
                    sent = now
                }
                // What is waiting here, in the kernel's buffers on both sides, and in this client's.
                #expect(sent * 611 < 12 << 20, "\(sent * 611) bytes")
                var next = 0
                while next <= sent {
                    let batch = try await stream.batchWithEvents()
                    #expect(batch.sequences == Array(next..<next + batch.events.count))
                    next += batch.events.count
                }
            }
        }
    }

    @Test func `two streams of a tenant go their own ways`() async throws {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        try await withSimulator(tenant, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token, ["maxBatchSize": "50"]) { first in
                try await withStream(simulator, token: token, ["maxBatchSize": "50"]) { second in
                    let left = try await first.batchWithEvents()
                    let right = try await second.batchWithEvents()
                    #expect(left.events == right.events)
                    #expect(left.identifier != right.identifier)
                    #expect(try await simulator.tenant().connectionsOpen == 2)
                }
            }
        }
    }

    @Test func `a shutdown ends every connection`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                await simulator.shutdown()
                while try await stream.frame() != nil {}
                #expect(try await simulator.tenant().connectionsOpen == 0)
                await #expect(throws: (any Error).self) { try await token(simulator) }
            }
        }
    }
}
