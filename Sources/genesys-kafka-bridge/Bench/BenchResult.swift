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
}

extension BenchResult {
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
