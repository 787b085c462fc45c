import BridgeCore
import Testing

/// Random orders of everything that can happen, against a model that keeps what was let in as a list.
@Suite("Transaction machine, against a model")
struct TransactionMachineModelTests {
    private struct Batch {
        var stream: Int
        var bytes: Int
        var endsMessage: Bool
        var isHandedOver = false
        var isReported = false
    }

    private struct Model {
        var batches: [Batch] = []
        var began: Int?
        var dueSince: Int?
        var abandoned: Set<Int> = []
        var isHurried = false
        /// What must be done in place of a commit.
        var doom: TransactionMachine.Step?
        /// What the driver does now.
        var doing: TransactionMachine.Step?
        var splits = 0

        /// Streams whose last batch did not end its message.
        var inside: Set<Int> {
            var result: Set<Int> = []
            for batch in self.batches {
                if batch.endsMessage { result.remove(batch.stream) } else { result.insert(batch.stream) }
            }
            return result
        }

        func isFull(_ policy: TransactionPolicy) -> Bool {
            (0..<3).contains { stream in
                let own = self.batches.filter { $0.stream == stream }
                return own.count >= policy.batches || own.reduce(0) { $0 + $1.bytes } >= policy.bytes
            }
        }

        mutating func end() {
            let splits = self.splits
            self = Model()
            self.splits = splits
        }
    }

    private let policy = TransactionPolicy(
        interval: .milliseconds(20),
        batches: 6,
        bytes: 60,
        messageTimeout: .milliseconds(30)
    )
    private var random: SeededGenerator
    private var machine: TransactionMachine
    private var model = Model()
    private var now = 0
    /// What the steps were, to see that all of them happened.
    private var steps: [String: Int] = [:]
    private let seed = UInt64.random(in: 1...999_999)

    init() {
        self.random = SeededGenerator(seed: self.seed)
        self.machine = TransactionMachine(self.policy)
    }

    private func at(_ milliseconds: Int) -> Instant { Instant().advanced(by: .milliseconds(milliseconds)) }
    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self.random) < percent }

    @Test("does what the model does, whatever happens in whatever order; nothing waits for ever (no-dead-wait)")
    mutating func anyOrder() {
        print("transaction machine with seed \(self.seed)")
        for step in 0..<20_000 {
            self.now += self.chance(30) ? Int.random(in: 1...8, using: &self.random) : 0
            switch Int.random(in: 0..<100, using: &self.random) {
            case ..<50: self.admit()
            case ..<75: self.handOver()
            case ..<90: self.report()
            case ..<93: self.settle()
            case ..<94: self.fail()
            default: break
            }
            if self.model.doing != nil, self.chance(30) { self.endStep() }
            self.takeNext()
            guard self.holds() else {
                Issue.record("seed \(self.seed), step \(step): \(self.machine), \(self.model)")
                return
            }
        }
        for name in ["commit", "abort", "recover"] { #expect(self.steps[name, default: 0] > 20, "\(self.steps)") }
        #expect(self.model.splits > 20)
    }

    private mutating func admit() {
        let stream = Int.random(in: 0..<3, using: &self.random)
        let batch = Batch(
            stream: stream,
            bytes: Int.random(in: 1...20, using: &self.random),
            endsMessage: self.chance(70)
        )
        self.noteDue()
        let admission = self.machine.admit(
            StreamID(tenant: "t", stream: "\(stream)"),
            heldBytes: batch.bytes,
            endsMessage: batch.endsMessage,
            now: self.at(self.now)
        )
        let mustWait =
            self.model.doom != nil || self.model.doing != nil
            || self.model.dueSince != nil && !self.model.inside.subtracting(self.model.abandoned).contains(stream)
        same(admission, mustWait ? .wait : .admitted(begins: self.model.began == nil), "seed \(self.seed)")
        guard !mustWait else { return }
        self.model.began = self.model.began ?? self.now
        self.model.abandoned.remove(stream)
        self.model.batches.append(batch)
    }

    private mutating func handOver() {
        guard let index = self.model.batches.firstIndex(where: { !$0.isHandedOver }) else { return }
        self.model.batches[index].isHandedOver = true
        self.machine.handedOver()
    }

    private mutating func report() {
        guard let index = self.model.batches.firstIndex(where: { $0.isHandedOver && !$0.isReported }) else { return }
        self.model.batches[index].isReported = true
        self.machine.reported()
    }

    private mutating func settle() {
        let stream = Int.random(in: 0..<3, using: &self.random)
        self.machine.settle(StreamID(tenant: "t", stream: "\(stream)"))
        guard self.model.doom == nil, self.model.doing == nil,
            self.model.batches.contains(where: { $0.stream == stream })
        else { return }
        self.model.isHurried = true
        if self.model.inside.contains(stream) { self.model.abandoned.insert(stream) }
    }

    private mutating func fail() {
        if self.chance(50) {
            self.machine.failed(reason: "failed")
            if self.model.began != nil, self.model.doing == nil, self.model.doom == nil {
                self.model.doom = .abort(reason: "failed")
            }
        } else if self.model.doing == nil {
            self.machine.uncertain(reason: "uncertain")
            self.model.doom = .recover(reason: "uncertain")
        }
    }

    /// What the model says is to be done now.
    private func expected() -> TransactionMachine.Step? {
        guard self.model.doing == nil, self.model.batches.allSatisfy(\.isHandedOver) else { return nil }
        if let doom = self.model.doom { return doom }
        guard let due = self.model.dueSince else { return nil }
        let isComplete = self.model.inside.subtracting(self.model.abandoned).isEmpty
        return isComplete || self.now >= due + 30 ? .commit : nil
    }

    private mutating func noteDue() {
        let model = self.model
        if let began = model.began, model.doom == nil, model.doing == nil, model.dueSince == nil,
            self.now >= began + 20 || model.isHurried || model.isFull(self.policy)
        {
            self.model.dueSince = self.now
        }
    }

    private mutating func takeNext() {
        self.noteDue()
        let step = self.machine.next(now: self.at(self.now))
        same(step, self.expected(), "seed \(self.seed)")
        guard let step else { return }
        same(self.machine.next(now: self.at(self.now + 1_000_000)), nil, "each step is given once, seed \(self.seed)")
        self.model.doing = step
        self.model.doom = nil
        switch step {
        case .commit:
            self.steps["commit", default: 0] += 1
            self.model.splits += self.model.inside.count
        case .abort: self.steps["abort", default: 0] += 1
        case .recover: self.steps["recover", default: 0] += 1
        }
    }

    /// The driver's calls have ended, one way or another.
    private mutating func endStep() {
        if self.model.doing == .commit, self.chance(10) {
            self.machine.commitRefused(reason: "refused")
            self.model.doing = nil
            self.model.doom = .abort(reason: "refused")
            return
        }
        if self.model.doing != nil, self.chance(5) {
            self.machine.uncertain(reason: "unknown")
            self.model.doing = nil
            self.model.doom = .recover(reason: "unknown")
            return
        }
        for _ in self.model.batches where self.machine.hasUnreported { self.report() }
        guard !self.machine.hasUnreported else { return }
        self.machine.ended()
        self.model.end()
    }

    /// What is always so.
    private func holds() -> Bool {
        let unreported = self.model.batches.contains { !$0.isReported }
        guard self.machine.hasUnreported == unreported, self.machine.splitMessages == self.model.splits,
            self.machine.beganAt == self.model.began.map(self.at)
        else { return false }
        // Either nothing is open, or the driver is at work, or a batch is being handed over, or a deadline lies ahead.
        if self.model.began == nil && self.model.doom == nil || self.model.doing != nil { return true }
        if self.model.batches.contains(where: { !$0.isHandedOver }) { return true }
        return self.machine.nextDeadline.map { $0 > self.at(self.now) } ?? false
    }
}
