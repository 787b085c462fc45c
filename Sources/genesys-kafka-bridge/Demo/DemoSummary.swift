/// What a demo run came to; `--json` prints it.
struct DemoSummary: Codable {
    /// How long events were made, in seconds.
    var seconds: Int
    /// The seed of the faults; nil without chaos.
    var chaosSeed: UInt64?
    /// Events sent, delivered, lost, duplicated, out of order.
    var audit: AuditReport
    /// Faults that took effect, by name.
    var faults: [String: Int]
    /// How sockets and attempts ended, by cause.
    var reconnects: [String: Int]
    /// Producers that became fatal and were replaced.
    var producerReplacements: Int
}
