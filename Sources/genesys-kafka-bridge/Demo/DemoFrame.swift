import BridgeCore
import BridgeRuntime

/// What the live view shows at one moment.
struct DemoFrame {
    /// Since the start.
    var elapsed: Duration
    /// How long the run takes in all.
    var total: Duration
    /// One per tenant.
    var streams: [StreamSnapshot]
    /// The time on the streams' clock.
    var now: Instant
    /// Acknowledged events per second over the last moments, oldest first.
    var throughput: [Double]
    /// Producers that became fatal and were replaced.
    var producerReplacements: Int
    /// The faults so far; none without chaos.
    var faults: [FaultTally]

    /// Events acknowledged, over all streams.
    var acknowledged: UInt64 { self.streams.reduce(0) { $0 + $1.eventsAcknowledged } }
}
