import BridgeCore

/// Turns a counter that is looked at now and then into events per second.
struct ThroughputMeter {
    private static let samplesMax = 120
    private var last: (acknowledged: UInt64, at: Instant)?
    /// Oldest first.
    private(set) var eventsPerSecond: [Double] = []

    mutating func sample(acknowledged: UInt64, now: Instant) {
        defer { self.last = (acknowledged, now) }
        guard let last = self.last, now > last.at else { return }
        self.eventsPerSecond.append(Double(acknowledged - last.acknowledged) / last.at.duration(to: now).inSeconds)
        if self.eventsPerSecond.count > Self.samplesMax { self.eventsPerSecond.removeFirst() }
    }
}
