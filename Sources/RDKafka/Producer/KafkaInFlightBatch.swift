internal import Locking
internal import Synchronization

/// A batch on its way: made by `KafkaProducer.beginBatch`, handed over by one or more `produce` calls, and reported
/// to its sink exactly once.
///
/// It holds the batch's bytes until then, and counts down: each record is reported once, by librdkafka or by a refusal.
public final class KafkaInFlightBatch: Sendable {
    /// The caller's own number for the batch.
    public let tag: UInt64
    /// Records in the batch.
    public let recordCount: Int

    /// The producer's core.
    let owner: ObjectIdentifier
    /// Its place in the producer's table.
    let slot: UInt32

    /// Which records have been handed over.
    private enum Cursor {
        /// No call is working on it. → `.producing`, `.ended` (the producer closes)
        case idle(next: Int)
        /// A call is handing records over. → `.idle`, `.ended`
        case producing
        /// Every record was handed over or refused.
        case ended
    }

    private struct State {
        var cursor = Cursor.idle(next: 0)
        var bytes: (any KafkaBatchBytes)?
        var sink: (any KafkaDeliverySink)?
        var tally: FailureTally
    }

    private let unreported: Atomic<Int>
    private let state: Locked<State>

    init(
        owner: ObjectIdentifier,
        slot: UInt32,
        tag: UInt64,
        recordCount: Int,
        failureLimit: Int,
        bytes: any KafkaBatchBytes,
        sink: any KafkaDeliverySink
    ) {
        self.owner = owner
        self.slot = slot
        self.tag = tag
        self.recordCount = recordCount
        self.unreported = Atomic(recordCount)
        self.state = Locked(State(bytes: bytes, sink: sink, tally: FailureTally(limit: failureLimit)))
    }

    // MARK: handing over

    /// Where to go on and what with, or `nil` if every record was handed over or refused.
    func beginProducing() -> (next: Int, bytes: any KafkaBatchBytes)? {
        self.state.withLock { state in
            switch state.cursor {
            case .idle(let next):
                guard let bytes = state.bytes, next < self.recordCount else { return nil }
                state.cursor = .producing
                return (next, bytes)
            case .producing:
                preconditionFailure("two calls of produce work on one batch")
            case .ended:
                return nil
            }
        }
    }

    /// Remembers how far the call came.
    func endProducing(next: Int) {
        self.state.withLock { $0.cursor = next < self.recordCount ? .idle(next: next) : .ended }
    }

    // MARK: reports; each returns whether it was the last one

    func persisted(_ count: Int) -> Bool {
        self.countDown(count)
    }

    func failed(_ index: Int, status: KafkaDeliveryStatus, error: @autoclosure () -> KafkaError) -> Bool {
        let firstHearer = self.state.withLock { state -> (any KafkaDeliverySink)? in
            let isFirst = state.tally.notPersistedCount + state.tally.possiblyPersistedCount == 0
            state.tally.add(index, status: status, error: error)
            return isFirst ? state.sink : nil
        }
        // Before this record is counted down: the batch cannot be complete yet.
        firstHearer?.batchIsFailing()
        return self.countDown(1)
    }

    /// Refuses every record that was not handed over.
    func refuseRemainder(_ error: KafkaError) -> Bool {
        let refused = self.state.withLock { state -> Int in
            guard case .idle(let next) = state.cursor, next < self.recordCount else { return 0 }
            state.cursor = .ended
            for index in next..<self.recordCount {
                state.tally.add(index, status: .notPersisted) { error }
            }
            return self.recordCount - next
        }
        return refused > 0 && self.countDown(refused)
    }

    /// Gives up on reports that never came: their records may be anywhere. Which ones is unknown, so index 0 stands
    /// for them.
    func giveUp(_ error: KafkaError) {
        let missing = self.unreported.exchange(0, ordering: .acquiringAndReleasing)
        guard missing > 0 else { return }
        self.state.withLock { state in
            state.tally.add(0, status: .possiblyPersisted, count: missing) { error }
        }
    }

    /// The report and its receiver, the first time; lets the batch's bytes go.
    func complete() -> (report: KafkaBatchReport, sink: any KafkaDeliverySink)? {
        self.state.withLock { state in
            guard let sink = state.sink.take() else { return nil }
            state.bytes = nil
            state.cursor = .ended
            let report = KafkaBatchReport(
                tag: self.tag,
                persistedCount: self.recordCount - state.tally.notPersistedCount - state.tally.possiblyPersistedCount,
                notPersistedCount: state.tally.notPersistedCount,
                possiblyPersistedCount: state.tally.possiblyPersistedCount,
                failures: state.tally.failures
            )
            return (report, sink)
        }
    }

    private func countDown(_ count: Int) -> Bool {
        let left = self.unreported.subtract(count, ordering: .acquiringAndReleasing).newValue
        precondition(left >= 0, "a record was reported twice")
        return left == 0
    }
}
