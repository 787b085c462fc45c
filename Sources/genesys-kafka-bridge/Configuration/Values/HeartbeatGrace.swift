/// How much later than `maxLatency` a batch, an empty one included, may come (S4.7).
enum HeartbeatGrace: Hashable, Sendable, CustomStringConvertible {
    /// The larger of `maxLatency` and 10 seconds.
    case automatic
    case fixed(Duration)
    /// Batches are not watched.
    case off

    /// The longest silence of a healthy stream; nil where it is not watched.
    func silenceLimit(maxLatency: Duration) -> Duration? {
        switch self {
        case .automatic: maxLatency + max(maxLatency, .seconds(10))
        case .fixed(let grace): maxLatency + grace
        case .off: nil
        }
    }

    /// As the file has it.
    var description: String {
        switch self {
        case .automatic: "automatic"
        case .fixed(let grace): DurationText.format(grace)
        case .off: "off"
        }
    }
}
