/// How long the answer to a ping may take before it counts as dropped, and what the server sent meanwhile with it (C1).
///
/// It grows with the answers of a slow server, so that such a one is not taken for one that drops.
struct PongLimit: Hashable {
    private let timeout: Duration
    /// The longest that an answer took, of late.
    private var slowest = Duration.zero
    /// Whether the server has ever answered a ping. Where it does not, nothing follows from a missing answer.
    private(set) var isAnswered = false

    init(timeout: Duration) {
        self.timeout = timeout
    }

    var limit: Duration { max(self.timeout, self.slowest * 2) }

    /// An answer took so long.
    mutating func answered(after duration: Duration) {
        self.isAnswered = true
        self.slowest = max(duration, self.slowest * 7 / 8)
    }
}
