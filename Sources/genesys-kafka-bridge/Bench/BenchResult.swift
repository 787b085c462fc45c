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
