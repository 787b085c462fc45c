import BridgeCore

/// Thousands of sessions at one host that takes a limited number of handshakes a second: what their attempts look like when a load
/// balancer restarts its nodes one after another.
struct Herd {
    /// How a session comes back.
    enum Manner: String, CaseIterable {
        /// The production machines: jittered backoff, then the host's gate.
        case bridge
        /// At once, and again as soon as it is refused.
        case immediate
        /// After 1 s, 2 s, 3 s …, without jitter.
        case linear
    }

    struct Outcome {
        /// Attempts of each second.
        var attempts: [Int] = []
        var refused = 0
        /// When the last session was back, in seconds from the beginning; nil: not all of them came back.
        var recoveredAt: Int?

        var peak: Int { self.attempts.max() ?? 0 }
    }

    let sessionCount: Int
    let nodeCount: Int
    /// From one node's restart to the next.
    let nodeInterval = 20 * Nanoseconds.second
    /// Handshakes that the host takes in a second.
    let handshakesPerSecond: Int
    let length: Nanoseconds

    private static let handshakeTime = 100 * Nanoseconds.millisecond

    func run(_ manner: Manner, seed: UInt64) -> Outcome {
        let run = HerdRun(self, seed: seed)
        for node in 0..<self.nodeCount {
            for session in stride(from: node, to: self.sessionCount, by: self.nodeCount) {
                run.after(Nanoseconds(node) * self.nodeInterval + Nanoseconds(session % 100) * .millisecond) {
                    self.lose(session, manner, run)
                }
            }
        }
        run.run(until: self.length)
        return run.outcome
    }

    private func lose(_ session: Int, _ manner: Manner, _ run: HerdRun) {
        switch manner {
        case .bridge: run.follow(session, run.lose(session))
        case .immediate: self.retry(session, after: { _ in 0 }, failures: 0, run)
        case .linear: self.retry(session, after: { Nanoseconds($0 + 1) * .second }, failures: 0, run)
        }
    }

    private func retry(_ session: Int, after delay: @escaping (Int) -> Nanoseconds, failures: Int, _ run: HerdRun) {
        run.after(delay(failures)) {
            let isTaken = run.attempt()
            run.after(Self.handshakeTime) {
                if isTaken { return run.recovered() }
                self.retry(session, after: delay, failures: failures + 1, run)
            }
        }
    }
}
