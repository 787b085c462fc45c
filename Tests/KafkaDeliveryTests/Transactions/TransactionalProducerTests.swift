import BridgeCore
import RDKafka
import Testing

@testable import KafkaDelivery

/// Against librdkafka's mock cluster. Its transactions' calls succeed and isolate nothing: what is in a topic was written, committed or not.
@Suite("Transactional producer", .serialized, .timeLimit(.minutes(2)))
struct TransactionalProducerTests {
    private static let stream = TransactionWorld.stream
    private static let other = StreamID(tenant: "acme", stream: "1")

    @Test(
        "a batch is acknowledged when its transaction is committed, and its position is in Kafka then (commit-after-ack)"
    )
    func commits() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            let (sink, others) = (ReportRecorder(), ReportRecorder())
            try await world.running(one) { () async throws in
                await one.producer.produce(world.batch(0, ["a", "b"], position: "1"), reportTo: sink)
                await one.producer.produce(world.batch(1, ["c"], position: "2"), reportTo: sink)
                await one.producer.produce(world.batch(0, ["x"], of: Self.other, position: "9"), reportTo: others)
                try await TransactionWorld.until { try await world.values().count == 4 }
                #expect(sink.reports.isEmpty && others.reports.isEmpty, "written, and not committed")
                #expect(try await world.checkpoint() == nil)
                #expect(one.producer.snapshot.openSince != nil && one.producer.snapshot.commits == 0)
                await one.producer.settle(Self.stream)
                #expect(
                    try await sink.reports(2) == [0, 1].map { DeliveryReport(sequence: $0, outcome: .acknowledged) }
                )
                #expect(try await others.reports(1).map(\.outcome) == [.acknowledged], "one transaction")
                let position = Position(kind: .lastEventId, value: "2")
                #expect(try await world.checkpoint() == Checkpoint(position: position, eventIDs: ["a", "b", "c"]))
                #expect(try await world.checkpoint(of: Self.other)?.eventIDs == ["x"])
                let snapshot = one.producer.snapshot
                #expect(snapshot.commits == 1 && snapshot.openSince == nil && snapshot.splitMessages == 0)
            }
            // The next instance knows the ids, and adds to them.
            let two = try await world.open("two")
            #expect(try await two.store.load(Self.stream)?.eventIDs == ["a", "b", "c"])
            try await world.running(two) { () async throws in
                let sink = ReportRecorder()
                await two.producer.produce(world.batch(0, ["d"], position: "3"), reportTo: sink)
                await two.producer.settle(Self.stream)
                #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
                #expect(try await world.checkpoint()?.eventIDs == ["a", "b", "c", "d"])
            }
        }
    }

    @Test("the interval ends a transaction, and a batch without records commits its position once (position-monotonic)")
    func interval() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", interval: .milliseconds(20))
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                for sequence: UInt64 in 0..<3 {
                    await one.producer.produce(world.batch(sequence, [], position: "p"), reportTo: sink)
                    #expect(try await sink.reports(Int(sequence) + 1).allSatisfy { $0.outcome == .acknowledged })
                }
                #expect(one.producer.snapshot.commits == 1, "the same position is not written again")
                #expect(try await world.checkpoint()?.position.value == "p")
                await one.producer.produce(world.batch(3, [], position: nil), reportTo: sink)
                await one.producer.produce(world.batch(4, ["a"], position: "q"), reportTo: sink)
                #expect(try await sink.reports(5).allSatisfy { $0.outcome == .acknowledged })
                #expect(one.producer.snapshot.commits == 2)
                #expect(try await world.checkpoint()?.position.value == "q")
            }
        }
    }

    @Test(
        "a record that the brokers refuse aborts the transaction: its batch hears what was refused, the others nothing certain (no-silent-loss)"
    )
    func refusedByBrokers() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let (sink, others) = (ReportRecorder(), ReportRecorder())
                await one.producer.produce(world.batch(0, ["x"], of: Self.other, position: "9"), reportTo: others)
                try await TransactionWorld.until { try await world.values() == ["x"] }
                try world.kafka.pushRequestErrors(.produce, [.messageTooLarge])
                await one.producer.produce(world.batch(0, ["a", "b"], position: "1"), reportTo: sink)
                let report = try await sink.reports(1)[0]
                #expect(report.isRefused && report.refusals.map(\.index) == [0, 1], "\(report)")
                #expect(
                    report.refusals.allSatisfy { $0.extent == .request && $0.reason.contains("MSG_SIZE_TOO_LARGE") }
                )
                #expect(try await others.reports(1)[0].isUnknown)
                #expect(try await world.checkpoint() == nil)
                #expect(try await world.checkpoint(of: Self.other) == nil)
                // It works again. librdkafka 2.0.2 misses that the brokers do not count what they refuse: it aborts once more.
                var outcomes: [DeliveryReport.Outcome] = []
                while outcomes.last != .acknowledged, outcomes.count < 3 {
                    let again = ReportRecorder()
                    await one.producer.produce(world.batch(1, ["a", "b"], position: "1"), reportTo: again)
                    await one.producer.settle(Self.stream)
                    outcomes.append(try await again.reports(1)[0].outcome)
                }
                #expect(outcomes.last == .acknowledged, "\(outcomes)")
                #expect(try await world.checkpoint()?.position.value == "1")
                let snapshot = one.producer.snapshot
                #expect(snapshot.aborts <= 2 && snapshot.commits == 1 && snapshot.recoveries == 0, "\(snapshot)")
            }
        }
    }

    @Test(
        "a record that librdkafka does not take aborts it as well, while the rest of its batch is under way (commit-after-ack)"
    )
    func refusedByLibrary() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["message.max.bytes": "2000"])
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                // The small one waits for its broker: the batch is not reported when the transaction is due.
                try world.kafka.setBrokerDown()
                let large = String(repeating: "x", count: 5_000)
                await one.producer.produce(world.batch(0, ["small", large], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                try world.kafka.setBrokerUp()
                let report = try await sink.reports(1)[0]
                #expect(report.isRefused && report.refusals.map(\.index) == [1], "\(report)")
                #expect(try await world.checkpoint() == nil, "nothing is committed past a record that is not there")
                #expect(one.producer.snapshot.commits == 0 && one.producer.snapshot.aborts == 1)
            }
        }
    }

    @Test("a position is not even written before its records are acknowledged (commit-after-ack)")
    func positionBehindRecords() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", uncertainAfter: .milliseconds(1_500))
            try await world.running(one) { () async throws in
                let (sink, again) = (ReportRecorder(), ReportRecorder())
                // Until their partition has a leader again the events cannot be written, and a position could.
                try world.kafka.setPartitionLeader(world.events, partition: 0, broker: nil)
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(1)[0].isUnknown)
                #expect(try await world.checkpoint() == nil)
                let snapshot = one.producer.snapshot
                #expect(snapshot.aborts == 1 && snapshot.recoveries == 0, "it is known what became of it: \(snapshot)")
                try world.kafka.setPartitionLeader(world.events, partition: 0, broker: 1)
                await one.producer.produce(world.batch(1, ["a"], position: "1"), reportTo: again)
                await one.producer.settle(Self.stream)
                #expect(try await again.reports(1).map(\.outcome) == [.acknowledged])
                #expect(try await world.checkpoint()?.position.value == "1")
            }
        }
    }

    @Test("a position that librdkafka does not take aborts the transaction (replay-or-acked)")
    func refusedPosition() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["message.max.bytes": "2000"])
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                let batch = world.batch(0, ["a"], position: String(repeating: "p", count: 3_000))
                await one.producer.produce(batch, reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(1)[0].isUnknown)
                #expect(one.producer.snapshot.commits == 0 && one.producer.snapshot.aborts == 1)
            }
        }
    }

    // MARK: Parts of batches and of messages

    @Test("a leading part is reported when the brokers have it; the last part's report is that of the commit")
    func parts() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let (leading, last) = (ReportRecorder(), ReportRecorder())
                let parts = Self.parts(of: world.batch(7, ["a", "b", "c"], position: "1"))
                await one.producer.produce(parts[0], reportTo: leading)
                #expect(try await leading.reports(1).map(\.outcome) == [.acknowledged])
                await one.producer.produce(parts[1], reportTo: leading)
                #expect(try await leading.reports(2).map(\.outcome) == [.acknowledged, .acknowledged])
                await one.producer.produce(parts[2], reportTo: last)
                try await TransactionWorld.until { try await world.values() == ["a", "b", "c"] }
                #expect(last.reports.isEmpty)
                await one.producer.settle(Self.stream)
                #expect(try await last.reports(1).map(\.outcome) == [.acknowledged])
                #expect(try await world.checkpoint()?.eventIDs == ["a", "b", "c"], "each once")
            }
        }
    }

    @Test("a batch whose leading part was cut off commits no position before its last part is there (commit-after-ack)")
    func cutBatch() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["o"], position: "0"), reportTo: sink)
                let parts = Self.parts(of: world.batch(1, ["a", "b", "c"], position: "1"))
                await one.producer.produce(parts[0], reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(2).allSatisfy { $0.outcome == .acknowledged })
                try await TransactionWorld.until { one.producer.snapshot.commits == 1 }
                let cut = Checkpoint(position: Position(kind: .lastEventId, value: "0"), eventIDs: ["o"])
                #expect(try await world.checkpoint() == cut)
                #expect(one.producer.snapshot.splitMessages == 1)
                for part in parts[1...] { await one.producer.produce(part, reportTo: sink) }
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(4).allSatisfy { $0.outcome == .acknowledged })
                #expect(try await world.checkpoint()?.position.value == "1")
                #expect(try await world.values() == ["o", "a", "b", "c"])
            }
        }
    }

    @Test("the parts behind one whose transaction was aborted are not written (order-per-key)")
    func partsOfAborted() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let (sink, others) = (ReportRecorder(), ReportRecorder())
                let parts = Self.parts(of: world.batch(1, ["a", "b", "c"], position: "1"))
                await one.producer.produce(parts[0], reportTo: sink)
                _ = try await sink.reports(1)
                try world.kafka.pushRequestErrors(.produce, [.messageTooLarge])
                await one.producer.produce(world.batch(0, ["x"], of: Self.other, position: "9"), reportTo: others)
                #expect(try await others.reports(1)[0].isRefused)
                // The other stream goes on, in a transaction that works.
                try await TransactionWorld.until {
                    let again = ReportRecorder()
                    await one.producer.produce(world.batch(1, ["y"], of: Self.other, position: "10"), reportTo: again)
                    await one.producer.settle(Self.other)
                    return try await again.reports(1)[0].outcome == .acknowledged
                }
                await one.producer.produce(parts[1], reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(2)[1].isUnknown)
                #expect(try await world.values().contains("b") == false)
            }
        }
    }

    @Test("what is committed of a message that is cut is named behind the position in front of it (replay-or-acked)")
    func cutMessage() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", interval: .milliseconds(20), messageTimeout: .milliseconds(50))
            let sink = ReportRecorder()
            try await world.running(one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                _ = try await sink.reports(1)
                await one.producer.produce(world.batch(1, ["b"], position: nil, endsMessage: false), reportTo: sink)
                #expect(try await sink.reports(2).allSatisfy { $0.outcome == .acknowledged })
                #expect(one.producer.snapshot.splitMessages == 1)
                await one.producer.produce(world.batch(2, ["c"], position: nil, endsMessage: false), reportTo: sink)
                _ = try await sink.reports(3)
                let cut = Checkpoint(position: Position(kind: .lastEventId, value: "1"), eventIDs: ["a", "b", "c"])
                #expect(try await world.checkpoint() == cut)
            }
            let two = try await world.open("two", interval: .milliseconds(20))
            #expect(try await two.store.load(Self.stream)?.eventIDs == ["a", "b", "c"])
            try await world.running(two) { () async throws in
                await two.producer.produce(world.batch(0, ["d"], position: "2"), reportTo: sink)
                _ = try await sink.reports(4)
                #expect(try await world.checkpoint()?.eventIDs == ["a", "b", "c", "d"])
            }
        }
    }

    /// A part for each record.
    static func parts(of batch: RecordBatch) -> [RecordBatch] {
        batch.records.indices.map { index in
            var part = batch
            part.records = [batch.records[index]]
            let isLast = index == batch.records.count - 1
            part.part = isLast ? .last : .leading(isFirst: index == 0)
            return part
        }
    }

    // MARK: librdkafka's queue

    @Test(
        "a queue of librdkafka's that is full inside a transaction makes the caller wait, and nothing else (no-dead-wait)"
    )
    func fullQueue() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["queue.buffering.max.messages": "10", "linger.ms": "0"])
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                for sequence: UInt64 in 0..<3 {
                    let values = (0..<100).map { "\(sequence)-\($0)" }
                    await one.producer.produce(world.batch(sequence, values, position: "\(sequence)"), reportTo: sink)
                }
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(3).allSatisfy { $0.outcome == .acknowledged })
                #expect(try await world.values() == (0..<3).flatMap { s in (0..<100).map { "\(s)-\($0)" } })
                #expect(try await world.checkpoint()?.position.value == "2")
            }
        }
    }
}
