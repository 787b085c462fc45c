import BridgeCore

/// The brokers' side of transactions (KIP-98): of each transactional id the epoch, and what is open. A commit is one instant, in which its
/// records come to those who read committed, and its positions become durable.
final class TransactionBroker {
    /// What a producer hears of its commit or abort.
    enum Answer {
        case done
        /// It must be aborted.
        case refused
        /// Nobody says what became of it.
        case lost
        /// Somebody else has its id, or its time was over.
        case fenced
    }

    /// What is to happen to the next commit.
    enum CommitFault: CaseIterable {
        case refused
        /// It is done, and its answer lost; or it is not done, or only some time later.
        case answerLost, requestLost, requestLate
    }

    private struct Open {
        let serial: Int
        var records: [RecordInFlight] = []
    }

    private struct Producer {
        var epoch = 0
        var open: Open?
    }

    unowned(unsafe) let world: World
    private var producers: [Producer]
    private var serial = 0
    var faults: [CommitFault] = []
    /// Until then an answer that is lost keeps somebody.
    private(set) var hindersUntil: Nanoseconds = 0

    init(_ world: World) {
        self.world = world
        self.producers = Array(repeating: Producer(), count: world.plan.tenantCount)
    }

    /// Calls when the brokers are there.
    private func reach(by process: BridgeProcess, _ body: @escaping () -> Void) {
        process.after(self.world.latency()) {
            guard self.world.now < self.world.kafkaAwayUntil else { return body() }
            self.world.fire(.kafkaAway)
            process.after(self.world.kafkaAwayUntil - self.world.now) { self.reach(by: process, body) }
        }
    }

    /// Ends what is open, and lets nobody else in from now on.
    func initialise(_ id: Int, by process: BridgeProcess, _ done: @escaping (_ epoch: Int) -> Void) {
        self.reach(by: process) {
            self.producers[id].open = nil
            self.producers[id].epoch += 1
            let epoch = self.producers[id].epoch
            self.world.trace { "transactional id \(id): epoch \(epoch) of process \(process.number)" }
            process.after(self.world.latency()) { done(epoch) }
        }
    }

    /// What `tenants` have in the checkpoint topic, once the brokers are there.
    func read(by process: BridgeProcess, _ done: @escaping () -> Void) { self.reach(by: process, done) }

    /// Takes a record; false where the epoch is over.
    func append(_ record: RecordInFlight, id: Int, epoch: Int) -> Bool {
        guard self.producers[id].epoch == epoch else { return false }
        if self.producers[id].open == nil { self.open(id) }
        self.producers[id].open?.records.append(record)
        return true
    }

    private func open(_ id: Int) {
        self.serial += 1
        let serial = self.serial
        self.producers[id].open = Open(serial: serial)
        self.world.after(self.world.plan.transactionTimeout) {
            guard self.producers[id].open?.serial == serial else { return }
            self.world.fire(.transactionTimedOut)
            self.producers[id].open = nil
            self.producers[id].epoch += 1
        }
    }

    func commit(_ id: Int, epoch: Int, by process: BridgeProcess, _ done: @escaping (Answer) -> Void) {
        self.reach(by: process) {
            guard self.producers[id].epoch == epoch else { return done(.fenced) }
            if process.reach(.crashDuringCommit) {
                // What was sent may be there.
                if self.world.oneIn(2) { self.commitNow(id, epoch: epoch) }
                return
            }
            guard !self.faults.isEmpty else {
                self.commitNow(id, epoch: epoch)
                return process.after(self.world.latency()) { done(.done) }
            }
            let fault = self.faults.removeFirst()
            self.world.fire(fault == .refused ? .commitRefused : .commitAnswerLost)
            switch fault {
            case .refused: return done(.refused)
            case .answerLost: self.commitNow(id, epoch: epoch)
            case .requestLost: break
            case .requestLate:
                self.world.after(self.world.draw(1...40_000) * .millisecond) { self.commitNow(id, epoch: epoch) }
            }
            self.hindersUntil = self.world.now + BridgeProcess.uncertainAfter + .minute
            process.after(BridgeProcess.uncertainAfter) { done(.lost) }
        }
    }

    func abort(_ id: Int, epoch: Int, by process: BridgeProcess, _ done: @escaping (Answer) -> Void) {
        self.reach(by: process) {
            guard self.producers[id].epoch == epoch else { return done(.fenced) }
            self.producers[id].open = nil
            process.after(self.world.latency()) { done(.done) }
        }
    }

    private func commitNow(_ id: Int, epoch: Int) {
        guard self.producers[id].epoch == epoch, let open = self.producers[id].open else { return }
        self.producers[id].open = nil
        self.world.counts.transactions += 1
        self.world.trace { "committed: \(open.records.map { "tenant \($0.tenant) \($0.content)" })" }
        for record in open.records {
            let tenant = self.world.upstream.tenants[record.tenant]
            switch record.content {
            case .event(let sequence, let key): tenant.truth.committedOnce(sequence, key: key)
            case .gap(let gap): tenant.truth.gapRecorded(gap)
            case .deadLetter(let sequences): tenant.truth.deadLettered(sequences)
            case .position: break
            }
        }
        for case (let tenant, .position(let write)) in open.records.map({ ($0.tenant, $0.content) }) {
            self.world.store.makeDurable(write, of: self.world.upstream.tenants[tenant])
        }
    }
}
