import BridgeCore

/// One thread, one clock, one seed: everything that happens is planned here and happens in the order of its time.
final class World {
    let plan: WorldPlan
    private(set) var now: Nanoseconds = .second
    var random: SeededGenerator
    private var heap = EventHeap()
    /// What was found to be wrong. The first one ends the run.
    private(set) var violations: [String] = []
    /// How often each fault fired.
    private(set) var fired = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// A digest of everything that happened: the same for the same seed.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var stepCount = 0
    private var serial = 0
    private var stepsAtThisInstant = 0
    private var lastLines: [String] = []
    let isTracing: Bool
    private(set) lazy var upstream = Upstream(self)
    private(set) lazy var store = StoreModel(self)
    private(set) lazy var broker = TransactionBroker(self)
    let counts = Counts()
    private(set) var process: BridgeProcess?
    private(set) var processes: [BridgeProcess] = []
    /// Where the next crash is to be.
    var armedCrash: CrashPoint?
    var armedTransactionCrash: FaultKind?
    /// What happens to the next records.
    var kafkaFailures: [KafkaModel.Failure] = []
    var isFatalArmed = false
    var kafkaAwayUntil: Nanoseconds = 0
    /// Whether something is being done to the bridge; false: the calm in which everything has to come right.
    var isCalm = false

    init(_ plan: WorldPlan, isTracing: Bool = false) {
        self.plan = plan
        self.isTracing = isTracing
        self.random = SeededGenerator(seed: plan.seed)
    }

    var instant: Instant { Instant(nanoseconds: self.now) }

    /// Plans `body` for `delay` from now.
    func after(_ delay: Nanoseconds, _ body: @escaping () -> Void) {
        self.heap.push(at: self.now + max(0, delay), body)
    }

    func keep(_ process: BridgeProcess) {
        self.process = process
        self.processes.append(process)
    }

    /// Forgets what is planned.
    func end() { self.heap = EventHeap() }

    /// Lets happen what is planned until `end`, or until something is wrong.
    func run(until end: Nanoseconds) {
        while self.violations.isEmpty, let at = self.heap.nextAt, at <= end {
            self.stepsAtThisInstant = at == self.now ? self.stepsAtThisInstant + 1 : 0
            if self.stepsAtThisInstant > 100_000 { self.violated("no-dead-wait", "time stands still: something spins") }
            self.now = at
            guard let body = self.heap.pop() else { break }
            body()
            self.stepCount += 1
            self.digest = (self.digest ^ UInt64(bitPattern: at)) &* 0x100_0000_01B3
            self.process?.checkAfterStep()
        }
        self.now = max(self.now, end)
    }

    /// A number from `range`.
    func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &self.random) }

    /// A number that nobody else gets.
    func nextSerial() -> Int {
        self.serial += 1
        return self.serial
    }

    /// True in one of `count` cases.
    func oneIn(_ count: Int64) -> Bool { self.draw(1...count) == 1 }

    /// What it takes until another task runs.
    func hop() -> Nanoseconds { self.draw(1_000...300_000) }

    /// What a packet takes.
    func latency() -> Nanoseconds { self.draw(1...40) * .millisecond }
}

// MARK: - What is seen

extension World {
    /// Something that must never happen did.
    func violated(_ invariant: String, _ what: String) {
        self.violations.append("\(invariant): \(what) [\(self.clockText)]")
        self.trace { "VIOLATION \(invariant): \(what)" }
    }

    func expect(_ condition: Bool, _ invariant: String, _ what: () -> String) {
        if !condition { self.violated(invariant, what()) }
    }

    /// A fact that belongs to the digest.
    func note(_ fact: UInt64) {
        self.digest = (self.digest ^ fact) &* 0x100_0000_01B3
    }

    func fire(_ fault: FaultKind) {
        self.fired[fault.rawValue] += 1
        self.trace { "fault \(fault)" }
    }

    func firedCount(_ fault: FaultKind) -> Int { self.fired[fault.rawValue] }

    /// A line of the story, for whoever looks into a seed that failed.
    func trace(_ line: () -> String) {
        guard self.isTracing else { return }
        self.lastLines.append("\(self.clockText) \(line())")
        if self.lastLines.count > 200_000 { self.lastLines.removeFirst(100_000) }
    }

    var story: [String] { self.lastLines }

    private var clockText: String {
        let seconds = self.now / .second
        let fraction = self.now % .second / 1_000
        return "\(seconds / 3600):\((seconds / 60) % 60):\(seconds % 60).\(String(fraction + 1_000_000).dropFirst())"
    }
}
