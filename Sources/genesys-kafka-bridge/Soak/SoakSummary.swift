/// What a soak came to; `--json` prints it.
struct SoakSummary: Codable {
    /// How long events were made, in seconds.
    var seconds: Int
    /// The seed of the faults; nil without any.
    var chaosSeed: UInt64?
    /// What the bridge promised.
    var guarantee: String
    /// Whether an event that is there twice is a failure. The embedded broker shows what transactions have aborted.
    var mustNotRepeat: Bool
    /// Of them, the seconds in which no events were made, because the audit was behind.
    var secondsHeld: Int
    /// Times that the bridge was killed.
    var kills: Int
    /// Times that the bridge ended by itself.
    var unexpectedEnds: Int
    /// Its exit status when it was asked to end.
    var exitStatus: Int32
    /// What became of the events.
    var audit: AuditReport
    /// Every fault that there is.
    var faults: [FaultTally]
    /// What the bridge did that a client must not, by name.
    var violations: [String: Int]
    /// Memory and descriptors; nil for a run that was too short, and one with kills, which starts them anew.
    var growth: GrowthReport?

    /// Whether every event is accounted for, and the bridge behaved and did not grow.
    var isClean: Bool {
        self.audit.isClean && self.violations.values.allSatisfy { $0 == 0 } && self.unexpectedEnds == 0
            && self.audit.tenants.allSatisfy { $0.outOfOrder == 0 && ($0.duplicated == 0 || !self.mustNotRepeat) }
            && self.exitStatus == 0 && self.growth?.hasGrown != true
    }
}
