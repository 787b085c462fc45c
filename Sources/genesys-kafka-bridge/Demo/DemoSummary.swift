import BridgeCore

/// What a demo run came to; `--json` prints it.
struct DemoSummary: Codable {
    /// What the tenants offered: `stream` or `channels`.
    var dialect: String
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
    /// Channels that the bridge made, for each tenant: one more than there were rollovers and losses of a channel. None of streams.
    var channelsMade: [Int]
    /// How sockets and attempts ended, by cause.
    var reconnects: [String: Int]
    /// Producers that became fatal and were replaced.
    var producerReplacements: Int

    /// Whether every event is accounted for, every fault that was asked for took effect, and the bridge behaved.
    var isClean: Bool {
        self.audit.isClean && self.violations.values.allSatisfy { $0 == 0 }
            && self.faults.allSatisfy { $0.planned == 0 || $0.fired > 0 } && self.areRolloversClean
    }

    /// Whether planned rollovers of channels lost and repeated nothing: without chaos there is nothing else that could.
    private var areRolloversClean: Bool {
        guard self.dialect == StreamProtocol.channels.rawValue, self.chaosSeed == nil else { return true }
        let before = GapRecord.Cause.missingCheckpoint.rawValue
        return self.audit.tenants.allSatisfy { tenant in
            tenant.duplicated == 0 && tenant.gapTimes.allSatisfy { $0.cause == before && $0.records == 1 }
        }
    }
}
