/// What a demo run came to; `--json` prints it.
struct DemoSummary: Codable {
    /// How long events were made, in seconds.
    var seconds: Int
    /// The seed of the faults; nil without chaos.
    var chaosSeed: UInt64?
    /// What became of the events.
    var audit: AuditReport
    /// Every fault that there is, also those that never came; none without chaos.
    var faults: [FaultTally]
    /// What the bridge did that a client must not, by name.
    var violations: [String: Int]
    /// How sockets and attempts ended, by cause.
    var reconnects: [String: Int]
    /// Producers that became fatal and were replaced.
    var producerReplacements: Int

    /// Whether every event is accounted for, and the bridge behaved.
    var isClean: Bool { self.audit.isClean && self.violations.values.allSatisfy { $0 == 0 } }
}
