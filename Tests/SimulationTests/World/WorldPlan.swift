import BridgeCore

/// What a world is like, and for how long: all of it follows from the seed.
struct WorldPlan {
    let seed: UInt64
    var length: Nanoseconds
    /// The last part of the length: nothing is done to the bridge, and everything has to come right.
    var calm: Nanoseconds
    var tenantCount = 1
    var faultsPerDay = 0
    var topicCount = 5
    /// Server side.
    var maxLatency: Nanoseconds = 20 * .second
    var maxBatchSize = 20
    var eventInterval: Nanoseconds = 30 * .second
    var burstOneIn: Int64 = 60
    var tokenLifetime: Nanoseconds = 30 * .minute
    var isResumeInclusive = false
    var positionKind = Position.Kind.lastEventId
    var heartbeatsMovePosition = false
    var positionMissingOneIn: Int64?
    var preflight = Preflight.correct
    var refusesByClose = false
    /// Bridge side.
    var queueBytes = 64 * 1024
    var queueBatches = 32
    var pieceEvents = 50
    var duplicateWindow = 10_000
    var producerRecordsMax = 1_000
    var partitionCount = 3
    /// Whether nothing more is produced from the first failed record on, or only from the report of its whole batch on. Order needs the
    /// former: behind a record that failed, the next batch would reach the same partition.
    var failureIsSeenAtOnce = true
    var session: SessionPolicy
    var commit = CommitSchedule.Policy(interval: .seconds(1), batches: 50)
    var gate = ConnectionGate.Policy()
    var stopBudget: Nanoseconds = 25 * .second
    /// Whether records and positions are written in transactions.
    var isExactlyOnce = false
    /// Whether all tenants belong to one tenant partition.
    var sharesTransactions = false
    var transactionTimeout: Nanoseconds = 15 * .second

    /// How the server's pre-flight behaves.
    enum Preflight: CaseIterable {
        case correct, missing, lying, unavailable
    }

    /// A world without faults.
    init(seed: UInt64, length: Nanoseconds, calm: Nanoseconds = 100 * .minute) {
        self.seed = seed
        self.length = length
        self.calm = calm
        self.session = Self.session(maxLatency: self.maxLatency, heartbeat: true)
    }

    static func session(maxLatency: Nanoseconds, heartbeat: Bool) -> SessionPolicy {
        let grace = max(maxLatency, 10 * .second)
        return SessionPolicy(
            keepAlive: .init(heartbeatTimeout: heartbeat ? .nanoseconds(maxLatency + grace) : nil)
        )
    }

    /// A day that the seed makes up.
    static func drawn(seed: UInt64, length: Nanoseconds = .day) -> WorldPlan {
        var random = SeededGenerator(seed: seed ^ 0x5EED)
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        var plan = WorldPlan(seed: seed, length: length)
        plan.tenantCount = draw(1...4) == 1 ? 2 : 1
        plan.faultsPerDay = Int(draw(10...40))
        plan.topicCount = Int(draw(2...7))
        plan.maxLatency = [5, 15, 30, 50][Int(draw(0...3))] * .second
        plan.maxBatchSize = Int(draw(1...60))
        plan.eventInterval = draw(30...240) * .second
        plan.burstOneIn = draw(20...100)
        plan.tokenLifetime = [10, 30, 30, 60][Int(draw(0...3))] * .minute
        plan.isResumeInclusive = draw(1...3) == 1
        plan.positionKind = draw(1...4) == 1 ? .timestamp : .lastEventId
        plan.heartbeatsMovePosition = draw(1...2) == 1
        plan.positionMissingOneIn = draw(1...5) == 1 ? draw(2...10) : nil
        plan.preflight = Preflight.allCases[Int(draw(0...3))]
        plan.refusesByClose = draw(1...2) == 1
        plan.queueBytes = [4, 16, 64, 256][Int(draw(0...3))] * 1024
        plan.queueBatches = Int(draw(2...64))
        plan.pieceEvents = Int(draw(3...60))
        plan.duplicateWindow = plan.positionMissingOneIn == nil && draw(1...4) == 1 ? Int(draw(300...900)) : 10_000
        plan.producerRecordsMax = Int(draw(10...2_000))
        plan.partitionCount = Int(draw(1...4))
        plan.session = Self.session(maxLatency: plan.maxLatency, heartbeat: draw(1...6) != 1)
        if draw(1...4) == 1 { plan.session.rolloverMargin = nil }
        if draw(1...5) == 1 { plan.session.backoff.jitter = .full }
        plan.commit = .init(interval: .milliseconds(draw(50...5_000)), batches: Int(draw(1...100)))
        return plan
    }

    /// A day of exactly-once delivery that the seed makes up.
    static func exactlyOnce(seed: UInt64, length: Nanoseconds = .day) -> WorldPlan {
        var plan = Self.drawn(seed: seed, length: length)
        var random = SeededGenerator(seed: seed ^ 0x1_0CE)
        func draw(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
        plan.isExactlyOnce = true
        plan.sharesTransactions = draw(1...2) == 1
        plan.transactionTimeout = draw(15...60) * .second
        // What has left the window is not recognised, and then it is there twice.
        plan.duplicateWindow = 10_000
        // Most of these faults need somebody who delivers: more of them, and half of the others.
        plan.faultsPerDay = Int(draw(20...50))
        return plan
    }
}
