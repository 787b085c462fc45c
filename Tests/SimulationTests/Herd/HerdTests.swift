import BridgeCore
import Testing

@Suite("Thundering herd")
struct HerdTests {
    @Test("10,000 sockets come back from a rolling restart at the host's rate, and nobody is refused (S4.2)")
    func rollingRestart() {
        let herd = Herd(sessionCount: 10_000, nodeCount: 10, handshakesPerSecond: 100, length: 30 * .minute)
        var outcomes: [Herd.Manner: Herd.Outcome] = [:]
        for manner in Herd.Manner.allCases {
            let outcome = herd.run(manner, seed: 7)
            outcomes[manner] = outcome
            print(Self.histogram(manner, outcome))
        }
        let bridge = outcomes[.bridge] ?? .init()
        #expect(bridge.peak <= Int(ConnectionGate.Policy().attemptsPerSecond) + 1)
        #expect(bridge.refused == 0)
        #expect(bridge.recoveredAt != nil)
        // The comparison means something: the others do hammer.
        #expect(outcomes[.immediate]?.peak ?? 0 >= 1_000 && outcomes[.linear]?.peak ?? 0 >= 1_000)
        #expect(outcomes[.immediate]?.refused ?? 0 > 0 && outcomes[.linear]?.refused ?? 0 > 0)
    }

    @Test("sockets that are lost at one instant do not ask for their turn at one instant (S4.1)")
    func jitter() {
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil))
        var random = SeededGenerator(seed: 11)
        var pauses = Set<Int64>()
        for _ in 0..<1_000 {
            var backoff = Backoff(policy.backoff)
            pauses.insert(backoff.nextDelay(random: &random).wholeNanoseconds / (10 * .millisecond))
        }
        // [1 s, 2 s) has a hundred of these.
        #expect(pauses.count >= 95)
        #expect(pauses.allSatisfy { (100..<200).contains($0) })
    }

    /// Attempts over time: the busiest second of each stretch.
    private static func histogram(_ manner: Herd.Manner, _ outcome: Herd.Outcome) -> String {
        let stretch = 60
        var lines = [
            "\(manner.rawValue): at most \(outcome.peak) attempts in a second, \(outcome.refused) refused, "
                + (outcome.recoveredAt.map { "all back after \($0) s" } ?? "not all came back")
        ]
        for start in stride(from: 0, to: outcome.attempts.count, by: stretch) {
            let part = outcome.attempts[start..<min(start + stretch, outcome.attempts.count)]
            let peak = part.max() ?? 0
            // One mark for each doubling, so that 10 and 10,000 fit on one line.
            let marks = String(repeating: "#", count: peak == 0 ? 0 : 4 * (Int.bitWidth - peak.leadingZeroBitCount))
            let from = String(String(start + 100_000).dropFirst())
            lines.append("  \(from) s \(marks) \(peak)/s, \(part.reduce(0, +)) in all")
        }
        return lines.joined(separator: "\n")
    }
}
