internal import BridgeCore
internal import Logging

/// Where the time of one commit went. Nothing is handed over meanwhile: this is what exactly-once costs.
struct CommitTimes {
    private let clock: any BridgeClock
    private let batches: Int
    private var last: Instant
    private var phases: [(name: String, duration: Duration)] = []

    /// - Parameter beganAt: when the transaction began.
    init(of batches: Int, since beganAt: Instant?, clock: any BridgeClock) {
        self.clock = clock
        self.batches = batches
        self.last = beganAt ?? clock.now
        self.ended("open")
    }

    /// A phase is over, and the next one begins.
    mutating func ended(_ phase: String) {
        let now = self.clock.now
        self.phases.append((phase, self.last.duration(to: now)))
        self.last = now
    }

    /// For the log: batches, and the duration of each phase.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["batches": "\(self.batches)"]
        for phase in self.phases { metadata[phase.name] = "\(phase.duration)" }
        return metadata
    }
}
