import GenesysSimulator
import Testing

/// Messages and events that are not as they should be, and what the account says of them.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct MessageFaultTests {
    private static let fast: SimulatedTenant = {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        return tenant
    }()

    private func isReadable(_ message: [UInt8], bytesMax: Int = 50_000) -> Bool {
        message.count <= bytesMax && String(validating: message, as: UTF8.self) != nil
            && (try? json(String(decoding: message, as: UTF8.self))) != nil
    }

    /// Reads from a position until a message with events is unreadable, which must come, and says where it was resumed.
    private func readToDamage(
        _ simulator: GenesysSimulator,
        token: String,
        from position: String?,
        ask fault: Fault? = nil
    ) async throws -> (position: String, next: Int) {
        var parameters = ["maxLatency": "20", "maxBatchSize": "10"]
        parameters["lastEventId"] = position
        return try await withStream(simulator, token: token, parameters) { stream in
            var last = position
            var next = try await simulator.tenant().connections.last?.resumedAt ?? 0
            if let fault {
                let batch = try await stream.batchWithEvents()
                (last, next) = (batch.position, (batch.sequences.last ?? 0) + 1)
                try await simulator.inject(fault)
            }
            while let message = try await stream.message(), self.isReadable(message) {
                let batch = try Batch(message)
                (last, next) = (batch.position, (batch.sequences.last ?? next - 1) + 1)
            }
            return (try #require(last), next)
        }
    }

    @Test(arguments: [MessageDamage.invalidJSON, .invalidUTF8, .oversized(bytes: 60_000)])
    func `what stays unreadable on a second connection is skipped, and is whole in the end (S2.7)`(
        damage: MessageDamage
    ) async throws {
        try await withSimulator(Self.fast, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            let poison = Fault.poison(times: 2, damage: damage)
            let first = try await self.readToDamage(simulator, token: token, from: nil, ask: poison)
            var truth = try await simulator.tenant()
            #expect(truth.unreadable.count == 1 && truth.unreadable[0][0] == first.next)
            #expect(truth.skipped.isEmpty, "the client asks again")
            let second = try await self.readToDamage(simulator, token: token, from: first.position)
            #expect(second.position == first.position)
            truth = try await simulator.tenant()
            #expect(truth.skipped == [truth.unreadable[1]] && truth.skipped[0][0] == first.next)
            #expect(truth.faultsFired == ["poison": 1])
            let keys = truth.resources.flatMap { $0.skippedKeySequences.map { $0[1] - $0[0] } }.reduce(0, +)
            #expect(keys == truth.skipped[0][1] - truth.skipped[0][0])
            let resume = ["lastEventId": second.position, "maxBatchSize": "10"]
            let whole = try await withStream(simulator, token: token, resume) { try await $0.batchWithEvents() }
            #expect(whole.sequences.first == first.next)
            #expect(try await simulator.tenant().skipped.isEmpty, "it came after all")
        }
    }

    @Test(arguments: [Fault.invalidJSON(messages: 1), .invalidUTF8(messages: 1), .oversizedMessage(bytes: 60_000)])
    func `what is whole on the second connection is not skipped`(fault: Fault) async throws {
        try await withSimulator(Self.fast, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            let damaged = try await self.readToDamage(simulator, token: token, from: nil, ask: fault)
            let resume = ["lastEventId": damaged.position, "maxBatchSize": "10"]
            let whole = try await withStream(simulator, token: token, resume) { try await $0.batchWithEvents() }
            #expect(whole.sequences.first == damaged.next)
            let truth = try await simulator.tenant()
            #expect(truth.skipped.isEmpty && truth.unreadable.count == 1)
            #expect(truth.resources.allSatisfy { $0.skippedKeySequences.isEmpty })
            #expect(truth.faultsFired == [fault.kind.rawValue: 1])
        }
    }

    @Test func `a duplicated batch is the same bytes twice on one connection`() async throws {
        try await withSimulator(Self.fast) { simulator in
            try await withStream(simulator, ["maxBatchSize": "10"]) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(.duplicateBatch(messages: 2)) == 1)
                var doubles = 0
                var last = try #require(try await stream.message())
                while doubles < 2 {
                    let message = try #require(try await stream.message())
                    if message == last { doubles += 1 }
                    last = message
                }
                let batch = try await stream.batchWithEvents()
                #expect(batch.sequences.first == (try Batch(last).sequences.last).map { $0 + 1 })
            }
            #expect(try await simulator.tenant().faultsFired == ["duplicateBatch": 2])
        }
    }

    @Test(arguments: [
        (Fault.unsubscribedEvent(messages: 3), ""), (.eventWithoutName(messages: 3), "event"),
        (.eventWithoutResource(messages: 3), "resourceId"), (.eventWithoutIdentifier(messages: 3), "eventId"),
    ])
    func `one event of a message is not as it should be, in every replay, and the account names it (S2.8)`(
        fault: Fault,
        missing: String
    ) async throws {
        try await withSimulator(Self.fast, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            func isAltered(_ event: [String: Any]) -> Bool {
                missing.isEmpty ? event["event"] as? String == "simulator.unsubscribed" : event[missing] == nil
            }
            func altered(_ stream: RawConnection, count: Int) async throws -> [Int] {
                var result: [Int] = []
                while result.count < count {
                    let message = try json(String(decoding: try #require(try await stream.message()), as: UTF8.self))
                    let events = try #require(message["events"] as? [[String: Any]]).filter(isAltered)
                    result += events.compactMap { ($0["eventBody"] as? [String: Any])?["sequence"] as? Int }
                }
                return result
            }
            let seen = try await withStream(simulator, token: token, ["maxBatchSize": "10"]) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(fault) == 1)
                return try await altered(stream, count: 3)
            }
            let truth = try await simulator.tenant()
            #expect(truth.alteredEvents == [fault.kind.rawValue: seen])
            #expect(truth.faultsFired == [fault.kind.rawValue: 3])
            let again = try await withStream(simulator, token: token, ["maxBatchSize": "7"]) {
                try await altered($0, count: 3)
            }
            #expect(again == seen)
            #expect(try await simulator.tenant().faultsFired == [fault.kind.rawValue: 3], "a replay is no new fault")
        }
    }
}
