/// What one worker measured.
struct BenchResult: Codable {
    /// What was measured.
    var name: String
    /// Events acknowledged in the measured part.
    var events: Int
    /// Per second of wall time.
    var eventsPerSecond: Double
    /// Of the measured process alone.
    var cpuSecondsPerMillion: Double
    /// The largest resident size of the measured process.
    var peakMebibytes: Double
    /// From receipt to acknowledgement; nil where it was not measured.
    var p50Milliseconds: Double?
    /// From receipt to acknowledgement; nil where it was not measured.
    var p99Milliseconds: Double?
    /// Of one message, where a reader of the socket counted them.
    var bytesPerEvent: Double?
    /// For how much of the time the simulator could not send, because it was not read; nil where it was not asked.
    var senderHeldBackShare: Double?
}

extension BenchResult {
    /// The median of each figure; of memory the largest. Nil of none.
    init?(medianOf results: [BenchResult]) {
        guard let first = results.first else { return nil }
        func median(_ figures: [Double?]) -> Double? {
            let known = figures.compactMap(\.self)
            return known.isEmpty ? nil : BenchRatio.median(known)
        }
        self = first
        self.events = results.reduce(0) { $0 + $1.events }
        self.eventsPerSecond = BenchRatio.median(results.map(\.eventsPerSecond))
        self.cpuSecondsPerMillion = BenchRatio.median(results.map(\.cpuSecondsPerMillion))
        self.peakMebibytes = results.map(\.peakMebibytes).max() ?? 0
        self.p50Milliseconds = median(results.map(\.p50Milliseconds))
        self.p99Milliseconds = median(results.map(\.p99Milliseconds))
        self.bytesPerEvent = median(results.map(\.bytesPerEvent))
        self.senderHeldBackShare = median(results.map(\.senderHeldBackShare))
    }

    /// What this process needed for so many events.
    init(name: String, events: Int, seconds: Double, cpuSeconds: Double) {
        self.init(
            name: name,
            events: events,
            eventsPerSecond: Double(events) / max(seconds, 0.001),
            cpuSecondsPerMillion: cpuSeconds / (Double(max(events, 1)) / 1e6),
            peakMebibytes: Double(ProcessUsage.current.peakBytes) / Double(1 << 20)
        )
    }
}
