import BridgeCore
import Testing

@Suite("Connection gate (S3.4, S4.2)")
struct ConnectionGateTests {
    private static func at(_ seconds: Double) -> Instant { Instant().advanced(by: .seconds(seconds)) }
    private var random = SeededGenerator(seed: 5)

    /// Waits for `turn` as a driver does. Returns when it connects.
    private func wait(_ gate: inout ConnectionGate, _ turn: ConnectionGate.Turn, from now: Instant) -> Instant {
        var turn = turn
        var now = now
        while true {
            now = max(now, turn.at)
            switch gate.confirm(turn, now: now) {
            case .go: return now
            case .wait(let next): turn = next
            }
        }
    }

    @Test("a crowd is let through one after the other, at the rate, however it comes (S4.2)")
    func rate() {
        var gate = ConnectionGate(.init(attemptsPerSecond: 10), now: Self.at(0))
        let turns = (0..<100).map { _ in gate.reserve(now: Self.at(0)) }
        for (n, turn) in turns.enumerated() {
            same(self.wait(&gate, turn, from: Self.at(0)), Instant().advanced(by: .milliseconds(100 * n)))
        }
        let late = gate.reserve(now: Self.at(100))
        #expect(late.at == Self.at(100), "whoever comes when nobody waits does not wait")
        same(
            gate.reserve(now: Self.at(100)).at,
            Self.at(100).advanced(by: .milliseconds(100)),
            "a quiet time earns no burst"
        )
    }

    @Test("nobody is let through before the hold-off ends, whether he waited already or comes later (S3.4)")
    mutating func holdOff() throws {
        var gate = ConnectionGate(.init(attemptsPerSecond: 10), now: Self.at(0))
        let waiting = (0..<20).map { _ in gate.reserve(now: Self.at(0)) }
        gate.throttled(retryAfterSeconds: nil, now: Self.at(0.55), random: &self.random)
        let until = try #require(gate.heldOffUntil)
        #expect(until >= Self.at(60) && until <= Self.at(120.55))
        var admitted: [Instant] = []
        for turn in waiting[6...] { admitted.append(self.wait(&gate, turn, from: Self.at(0.55))) }
        admitted.append(self.wait(&gate, gate.reserve(now: Self.at(1)), from: Self.at(1)))
        #expect(admitted.allSatisfy { $0 >= until })
        let sorted = admitted.sorted()
        #expect(
            zip(sorted, sorted.dropFirst()).allSatisfy { $0.duration(to: $1) >= .milliseconds(100) },
            "no crowd behind it"
        )
    }

    @Test("what the host asks for is obeyed up to an hour, or to the hold-off's own cap where that is longer (S3.4)")
    mutating func askedTooMuch() throws {
        for (seconds, cap, expected) in [
            (30, 900, 30), (3600, 900, 3600), (3601, 900, 3600), (86_400, 900, 3600), (1_000_000_000_000, 900, 3600),
            (.max, 900, 3600), (.max, 7200, 7200), (0, 900, 0), (-1, 900, 0), (.min, 900, 0),
        ] {
            let policy = ConnectionGate.Policy(holdOff: .init(base: .seconds(60), cap: .seconds(cap)))
            var gate = ConnectionGate(policy, now: Self.at(0))
            gate.throttled(retryAfterSeconds: seconds, now: Self.at(5), random: &self.random)
            #expect(gate.heldOffUntil == Self.at(Double(5 + expected)), "\(seconds)")
            #expect(gate.reserve(now: Self.at(5)).at == Self.at(Double(5 + expected)))
        }
    }

    @Test("60 s at first, doubling to 15 min, jittered; a healthy connection starts anew (S3.4)")
    mutating func doubles() throws {
        var gate = ConnectionGate(.init(), now: Self.at(0))
        var now = Self.at(0)
        for d in [60, 120, 240, 480, 900, 900] {
            gate.throttled(retryAfterSeconds: nil, now: now, random: &self.random)
            let until = try #require(gate.heldOffUntil)
            #expect(now.duration(to: until) >= .seconds(d) && now.duration(to: until) < .seconds(2 * d))
            now = until.advanced(by: .seconds(1))
        }
        gate.becameHealthy()
        gate.throttled(retryAfterSeconds: nil, now: now, random: &self.random)
        let until = try #require(gate.heldOffUntil)
        #expect(now.duration(to: until) < .seconds(120))
    }

    @Test("N sockets that are told together double once (S3.4)")
    mutating func together() throws {
        var gate = ConnectionGate(.init(), now: Self.at(0))
        for n in 0..<50 { gate.throttled(retryAfterSeconds: nil, now: Self.at(Double(n) / 10), random: &self.random) }
        let until = try #require(gate.heldOffUntil)
        // Whoever says it again last may prolong it, as a first one.
        #expect(until < Self.at(125))
        let next = until.advanced(by: .seconds(1))
        gate.throttled(retryAfterSeconds: nil, now: next, random: &self.random)
        let second = try #require(gate.heldOffUntil)
        #expect(next.duration(to: second) >= .seconds(120) && next.duration(to: second) < .seconds(240))
    }

    @Test("retry-after is obeyed to the second; it prolongs a hold-off and never shortens it (S3.4)")
    mutating func retryAfter() {
        var gate = ConnectionGate(.init(), now: Self.at(0))
        gate.throttled(retryAfterSeconds: 7, now: Self.at(0), random: &self.random)
        #expect(gate.heldOffUntil == Self.at(7))
        same(self.wait(&gate, gate.reserve(now: Self.at(1)), from: Self.at(1)), Self.at(7))
        gate.throttled(retryAfterSeconds: 100, now: Self.at(8), random: &self.random)
        gate.throttled(retryAfterSeconds: 3, now: Self.at(9), random: &self.random)
        #expect(gate.heldOffUntil == Self.at(108))
        gate.throttled(retryAfterSeconds: 200, now: Self.at(10), random: &self.random)
        #expect(gate.heldOffUntil == Self.at(210))
    }

    @Test("a hold-off that is over at once earns nobody a turn beside the one before (S4.2)")
    mutating func retryAtOnce() {
        var gate = ConnectionGate(.init(attemptsPerSecond: 10), now: Self.at(0))
        for n in 0..<10 {
            let turn = gate.reserve(now: Self.at(0))
            let admitted = self.wait(&gate, turn, from: Self.at(0))
            #expect(admitted == Instant().advanced(by: .milliseconds(100 * n)))
            gate.throttled(retryAfterSeconds: 0, now: admitted, random: &self.random)
        }
    }

    @Test("no retry-after makes it trap", arguments: [Int.min, -1, 0, Int.max])
    mutating func oddRetryAfter(seconds: Int) throws {
        var gate = ConnectionGate(.init(), now: Self.at(5))
        gate.throttled(retryAfterSeconds: seconds, now: Self.at(5), random: &self.random)
        #expect(try #require(gate.heldOffUntil) >= Self.at(5))
        _ = gate.reserve(now: Self.at(6))
    }

    @Test(
        "10,000 attempts under random hold-offs: the rate holds in any second, and no hold-off is broken (S3.4, S4.2)",
        arguments: [UInt64(1), 2, 3]
    )
    func randomTraffic(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let perSecond = Int.random(in: 2...20, using: &random)
        let policy = ConnectionGate.Policy(
            attemptsPerSecond: Double(perSecond),
            holdOff: .init(base: .seconds(2), cap: .seconds(20))
        )
        var gate = ConnectionGate(policy, now: Instant())
        var waiting: [ConnectionGate.Turn] = []
        var admitted: [Instant] = []
        var now = Instant()
        var holdOffs = 0
        var broken = 0
        var reserved = 0
        while reserved < 10_000 || !waiting.isEmpty {
            now = now.advanced(by: .milliseconds(Int.random(in: 0...30, using: &random)))
            switch Int.random(in: 0..<200, using: &random) {
            case 0:
                gate.throttled(retryAfterSeconds: nil, now: now, random: &random)
                holdOffs += 1
            case 1:
                gate.throttled(retryAfterSeconds: Int.random(in: 0...3, using: &random), now: now, random: &random)
                holdOffs += 1
            case 2: gate.becameHealthy()
            case 3..<40 where reserved < 10_000:
                for _ in 0..<Int.random(in: 1...4, using: &random) { waiting.append(gate.reserve(now: now)) }
                reserved = min(10_000, reserved + 4)
            default: break
            }
            // Whoever's turn has come confirms it, in any order.
            waiting.shuffle(using: &random)
            waiting = waiting.compactMap { turn in
                guard turn.at <= now else { return turn }
                switch gate.confirm(turn, now: now) {
                case .go:
                    admitted.append(now)
                    if let until = gate.heldOffUntil, now < until { broken += 1 }
                    return nil
                case .wait(let next): return next
                }
            }
            if waiting.count > 50, let next = waiting.map(\.at).min() { now = max(now, next) }
        }
        #expect(broken == 0, "seed \(seed): attempts during a hold-off")
        #expect(holdOffs > 50 && admitted.count > 5000, "seed \(seed): the traffic was real")
        // A turn is confirmed up to 30 ms late here, so that one more than the rate may share a second.
        let tooMany = admitted.indices.dropFirst(perSecond + 1).count {
            admitted[$0 - perSecond - 1].duration(to: admitted[$0]) < .seconds(1)
        }
        #expect(tooMany == 0, "seed \(seed): more than \(perSecond) in a second")
    }
}
