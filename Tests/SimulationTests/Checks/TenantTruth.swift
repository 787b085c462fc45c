import BridgeCore

/// What really became of each event of one tenant: the model that everything is checked against.
final class TenantTruth {
    unowned(unsafe) let world: World
    private struct Fate {
        var isInKafka = false
        var isAcknowledged = false
        var isDeadLettered = false
    }

    private var fates: [Fate] = []
    /// For each topic, the stretches of the log that are owed: from (exclusive) and to (inclusive; nil: without end).
    private var owed: [[(from: Int, to: Int?)]]
    /// For each topic, the stretches that a record of the gap topic covers.
    private var gaps: [[(from: Int, to: Int)]]
    private var openGaps: [[(from: Int, to: Int)]]
    /// What each key's partition holds: the newest event, and the last one written.
    private var keys: [UInt16: KeyHistory] = [:]
    /// Up to here everything was found in order at a commit.
    private var checkedUpTo = -1
    private(set) var committed = -1
    private(set) var positionLostGapCount = 0

    private final class KeyHistory {
        var newest = -1
        var last = -1
        /// The newest events, in their order.
        var order: [Int] = []
    }

    init(_ world: World, topicCount: Int) {
        self.world = world
        self.owed = Array(repeating: [], count: topicCount)
        self.gaps = Array(repeating: [], count: topicCount)
        self.openGaps = Array(repeating: [], count: topicCount)
    }

    func logged() { self.fates.append(Fate()) }

    // MARK: - What is owed

    func isOwed(_ topic: Int) -> Bool { self.owed[topic].last.map { $0.to == nil } ?? false }

    /// Events of `topic` behind `sequence` are owed from now on.
    func owe(_ topic: Int, from sequence: Int) {
        guard !self.isOwed(topic) else { return }
        self.owed[topic].append((from: sequence, to: nil))
        self.world.trace { "topic \(topic) is owed from \(sequence)" }
    }

    /// `topic` is not wanted any more; only what is committed was certainly delivered.
    func release(_ topic: Int) {
        guard let last = self.owed[topic].indices.last, self.owed[topic][last].to == nil else { return }
        self.owed[topic][last].to = self.committed
    }

    private func isOwed(_ sequence: Int, topic: Int) -> Bool {
        self.owed[topic].contains { $0.from < sequence && sequence <= $0.to ?? .max }
    }

    // MARK: - What Kafka has

    /// A record of the event is in its partition (`order-per-key`).
    func persisted(_ sequence: Int, key: UInt16) {
        if self.fates[sequence].isInKafka { self.world.counts.duplicatesInKafka += 1 }
        let state = self.keys[key] ?? KeyHistory()
        if sequence > state.newest {
            self.world.expect(state.last == state.newest || state.newest < 0, "order-per-key") {
                "event \(sequence) of key \(key) came behind a repeat that ended at \(state.last), before \(state.newest)"
            }
            state.newest = sequence
            state.order.append(sequence)
            if state.order.count > 2_000 { state.order.removeFirst(1_000) }
        } else {
            self.world.expect(self.fates[sequence].isInKafka, "order-per-key") {
                "event \(sequence) of key \(key) came first behind \(state.newest)"
            }
            if sequence > state.last, let oldest = state.order.first, state.last >= oldest {
                var index = state.order.count
                while index > 0, state.order[index - 1] > state.last { index -= 1 }
                let next = index < state.order.count ? state.order[index] : nil
                self.world.expect(next == sequence, "order-per-key") {
                    "a repeat of key \(key) left out \(next ?? -1) between \(state.last) and \(sequence)"
                }
            }
        }
        state.last = sequence
        self.keys[key] = state
        self.fates[sequence].isInKafka = true
    }

    /// The event is there for those who read what is committed (`exactly-once`).
    func committedOnce(_ sequence: Int, key: UInt16) {
        let state = self.keys[key] ?? KeyHistory()
        self.world.expect(!self.fates[sequence].isInKafka, "exactly-once") { "event \(sequence) is there twice" }
        self.world.expect(sequence > state.newest, "order-per-key") {
            "event \(sequence) of key \(key) came behind \(state.newest)"
        }
        state.newest = max(state.newest, sequence)
        self.keys[key] = state
        self.fates[sequence].isInKafka = true
        self.acknowledged(sequence)
    }

    /// A stream is told that its transaction with this event is committed.
    func told(_ sequence: Int) {
        self.world.expect(self.fates[sequence].isAcknowledged, "commit-after-ack") {
            "event \(sequence) is called committed, and is not"
        }
    }

    func acknowledged(_ sequence: Int) {
        self.world.counts.acknowledged += 1
        self.fates[sequence].isAcknowledged = true
    }

    func deadLettered(_ sequences: [Int]) {
        self.world.counts.deadLetters += 1
        for sequence in sequences { self.fates[sequence].isDeadLettered = true }
    }

    /// A gap record is acknowledged.
    func gapRecorded(_ gap: RecordedGap) {
        self.world.counts.gaps += 1
        if gap.cause == .positionLost { self.positionLostGapCount += 1 }
        for topic in gap.topics {
            let from = gap.from ?? -1
            if let to = gap.to ?? gap.startHead {
                self.gaps[topic].append((from: from, to: to))
                guard gap.cause == .unsubscribed else { continue }
                // A gap that is closed says how far it went: the open one said less.
                for open in self.openGaps[topic] { self.gaps[topic].append((from: open.from, to: to)) }
                self.openGaps[topic] = []
            } else {
                self.openGaps[topic].append((from: from, to: .max))
            }
        }
        self.world.trace { "gap recorded: \(gap)" }
    }

    private func isCovered(_ sequence: Int, topic: Int) -> Bool {
        let fate = self.fates[sequence]
        if fate.isAcknowledged || fate.isDeadLettered { return true }
        return self.gaps[topic].contains { $0.from < sequence && sequence <= $0.to }
            || self.openGaps[topic].contains { $0.from < sequence }
    }

    // MARK: - What is committed

    /// `position` is about to become durable (`commit-after-ack`, `position-monotonic`).
    func committing(_ position: Int, log: [LogEvent]) {
        self.world.expect(position >= self.committed, "position-monotonic") {
            "committed \(position) after \(self.committed)"
        }
        self.world.expect(position < log.count, "commit-after-ack") { "position \(position) is nobody's" }
        self.checkCovered(upTo: min(position, log.count - 1), "commit-after-ack", log)
    }

    func committed(_ position: Int) { self.committed = max(self.committed, position) }

    private func checkCovered(upTo end: Int, _ invariant: String, _ log: [LogEvent]) {
        while self.checkedUpTo < end {
            let next = self.checkedUpTo + 1
            let topic = log[next].topic
            if self.isOwed(next, topic: topic), !self.isCovered(next, topic: topic) {
                return self.world.violated(
                    invariant,
                    "event \(next) of topic \(topic) is neither acknowledged, nor a dead letter, nor in a gap record, "
                        + "and \(end) is behind it"
                )
            }
            self.checkedUpTo = next
        }
    }

    /// At the end of a run (`replay-or-acked`, `no-silent-loss`).
    func checkComplete(_ log: [LogEvent]) {
        self.checkedUpTo = -1
        self.checkCovered(upTo: log.count - 1, "replay-or-acked", log)
    }
}
