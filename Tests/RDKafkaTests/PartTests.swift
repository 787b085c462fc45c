import Testing

@testable import RDKafka

@Suite("Parts without librdkafka", .timeLimit(.minutes(1)))
struct PartTests {
    private let error = KafkaError(code: .transport)

    @Test("a tally keeps the lowest indexes, in order")
    func tally() {
        var tally = FailureTally(limit: 3)
        for index in [9, 4, 7, 1, 8, 0] { tally.add(index, status: .notPersisted) { self.error } }
        tally.add(5, status: .possiblyPersisted, count: 4) { self.error }
        #expect(tally.failures.map(\.index) == [0, 1, 4])
        #expect(tally.notPersistedCount == 6)
        #expect(tally.possiblyPersistedCount == 4)
    }

    @Test("a tally keeps at least one failure, and trusts no contradiction")
    func tallyOfOne() {
        var tally = FailureTally(limit: 0)
        tally.add(2, status: .persisted) { self.error }
        #expect(tally.failures == [KafkaRecordFailure(index: 2, status: .possiblyPersisted, error: self.error)])
        #expect(tally.possiblyPersistedCount == 1)
    }

    @Test("a report's status is its least certain record")
    func status() {
        #expect(KafkaBatchReport(tag: 0, persistedCount: 3).status == .persisted)
        #expect(KafkaBatchReport(tag: 0, persistedCount: 3, notPersistedCount: 1).status == .notPersisted)
        let mixed = KafkaBatchReport(tag: 0, persistedCount: 3, notPersistedCount: 1, possiblyPersistedCount: 1)
        #expect(mixed.status == .possiblyPersisted)
        #expect(mixed.recordCount == 5)
    }

    @Test("offsets that jump are gaps, forwards, backwards and at the end")
    func offsets() {
        let one = KafkaPartition(topic: "t", partition: 0)
        let two = KafkaPartition(topic: "t", partition: 1)
        var tracker = OffsetTracker()
        tracker.start(one, at: 5)
        tracker.start(two, at: 0)
        #expect(tracker.record(one, offset: 5) == nil)
        #expect(tracker.record(two, offset: 0) == nil)
        #expect(tracker.record(one, offset: 8)?.missingCount == 2)
        #expect(tracker.record(one, offset: 9) == nil)
        let back = tracker.record(one, offset: 7)
        #expect(back == KafkaOffsetGap(partition: one, expectedOffset: 10, foundOffset: 7))
        #expect(back?.missingCount == 0)
        #expect(tracker.end(one, nextOffset: 8) == nil)
        #expect(tracker.end(one, nextOffset: 10)?.missingCount == 2)
        #expect(tracker.end(one, nextOffset: 10) == nil)
    }

    @Test("durations become librdkafka's milliseconds, rounded up and bounded")
    func milliseconds() {
        #expect(Duration.zero.clampedMilliseconds == 0)
        #expect(Duration.seconds(-1).clampedMilliseconds == 0)
        #expect(Duration.nanoseconds(1).clampedMilliseconds == 1)
        #expect(Duration.milliseconds(1500).clampedMilliseconds == 1500)
        #expect(Duration.seconds(1_000_000_000_000).clampedMilliseconds == .max)
        #expect(Duration.seconds(Int64(Int32.max) / 1000).clampedMilliseconds == .max)
    }

    @Test("codes are classified")
    func actions() {
        #expect(KafkaErrorCode.messageTooLarge.action == .permanentForRecord)
        #expect(KafkaErrorCode.saslAuthenticationFailed.action == .configuration)
        #expect(KafkaErrorCode.producerFenced.action == .fatalForProducer)
        #expect(KafkaErrorCode(rawValue: 4711).action == .retry)
        // A topic that is deleted while records wait for it says the one, then the other: it may be made again.
        #expect(KafkaErrorCode.unknownPartitionLocally.action == .retry)
        #expect(KafkaErrorCode.unknownTopicLocally.action == .retry)
        #expect(KafkaError(code: .messageTooLarge, isFatal: true).action == .fatalForProducer)
        #expect(KafkaError(code: .messageTooLarge).description.hasPrefix("MSG_SIZE_TOO_LARGE (10): "))
    }

    @Test("a gate closes for new calls at once, and returns when the calls inside have left")
    func gate() async {
        let gate = CallGate()
        #expect(gate.enter())
        let closing = Fact<Bool>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { closing.add(await gate.close()) }
            while gate.enter() {
                gate.leave()
                await Task.yield()
            }
            #expect(closing.values.isEmpty)
            gate.leave()
        }
        #expect(closing.values == [true])
        #expect(await gate.close() == false)
    }

    @Test("who waits for room is woken by room, by closing, and by having no need")
    func room() async {
        let waiters = RoomWaiters()
        await waiters.wait { false }
        let registered = Fact<Bool>()
        async let waiting: Void = waiters.wait {
            registered.add(true)
            return true
        }
        _ = await registered.first()
        waiters.wakeAll()
        await waiting
        waiters.close()
        await waiters.wait { true }
    }

    @Test("who waits for room is woken by cancellation, before and after it waits", arguments: [true, false])
    func cancelledRoom(_ waits: Bool) async {
        let waiters = RoomWaiters()
        let registered = Fact<Bool>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await waiters.wait {
                    registered.add(true)
                    return true
                }
            }
            if waits { _ = await registered.first() }
            group.cancelAll()
        }
    }

    @Test("actors run on a thread of their own")
    func executors() async throws {
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": "127.0.0.1:1"])
        let consumer = try KafkaConsumer(configuration: ["bootstrap.servers": "127.0.0.1:1"], topics: [])
        #expect(await admin.threadID() == Host(admin.executor).threadID())
        #expect(await consumer.threadID() == Host(consumer.executor).threadID())
        #expect(await admin.threadID() != consumer.threadID())
        await admin.close()
        await consumer.close()
    }

    private actor Host {
        private let executor: ThreadExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { self.executor.asUnownedSerialExecutor() }

        init(_ executor: ThreadExecutor) {
            self.executor = executor
        }

        func threadID() -> UInt64 {
            self.preconditionIsolated()
            return currentThreadID()
        }
    }
}

extension KafkaAdmin {
    fileprivate func threadID() -> UInt64 { currentThreadID() }
}

extension KafkaConsumer {
    fileprivate func threadID() -> UInt64 { currentThreadID() }
}
