import BridgeCore
import Testing

@Suite("Replay filter against a model (S4.8, S4.9)")
struct ReplayFilterModelTests {
    /// A stream's reader, its server, and what a reader that remembers everything would know.
    private struct Model {
        var random: SeededGenerator
        var log: ReplayLog
        var filter: ReplayFilter
        let window: Int
        /// One that is smaller than a few messages may have forgotten all that a new socket repeats.
        var isWindowLarge: Bool { self.window >= 50 }
        /// Events that are held here or acknowledged: dropping one of these again loses nothing.
        var held: Set<Int> = []
        /// Where the socket that is read stands in the log, and where the resume point is.
        var next = 0
        var isInclusive = false
        var resume = 0
        var highest = 0
        var committed = 0
        var counts: [String: Int] = [:]
        var failures: [String] = []
        /// What happened last, for people.
        var trace: [String] = []

        init(seed: UInt64, window: Int, anonymousPercent: Int) {
            self.random = SeededGenerator(seed: seed)
            self.log = ReplayLog(anonymousPercent: anonymousPercent)
            self.window = window
            self.filter = ReplayFilter(eventCountMax: window, resumeFrom: ReplayLog.position(behind: 0))
        }

        mutating func step() {
            switch Int.random(in: 0..<100, using: &self.random) {
            case 0..<40: self.log.append(Int.random(in: 0...8, using: &self.random), random: &self.random)
            case 40..<90: self.receive()
            case 90..<95: self.changeSocket(from: self.resume)
            case 95..<98: self.rollOver()
            default: self.discard()
            }
        }

        /// The socket brings a message, with boundaries of its own; sometimes the queue takes only a part of it.
        private mutating func receive() {
            // A server that resumes inclusively begins with the event that it repeats.
            let size = Int.random(in: self.isInclusive ? 1...12 : 0...12, using: &self.random)
            self.isInclusive = false
            let range = self.next..<min(self.log.entries.count, self.next + size)
            let sent = self.log.message(range, pieces: Int.random(in: 1...4, using: &self.random))
            var batches = sent
            let dropped = self.filter.filter(&batches)
            let passed = Set(ReplayLog.numbers(batches))
            for number in range where !passed.contains(number) && !self.held.contains(number) {
                self.failures.append("dropped \(number), which is fresh")
            }
            for number in range where !passed.contains(number) && self.log.entries[number].isAnonymous {
                self.failures.append("dropped \(number), which has no id")
            }
            if dropped != range.count - passed.count { self.failures.append("miscounted") }
            self.counts["dropped", default: 0] += dropped
            self.next = range.upperBound
            if Int.random(in: 0..<20, using: &self.random) == 0 {
                let kept = batches[..<Int.random(in: 0..<batches.count, using: &self.random)]
                self.filter.retract(keeping: kept)
                self.held.formUnion(ReplayLog.numbers(kept))
                self.counts["retracted", default: 0] += 1
                self.changeSocket(from: self.resume)
                return
            }
            self.trace.append("\(range): \(dropped) dropped, \(batches.last?.position?.value ?? "-")")
            self.held.formUnion(passed)
            self.note(batches.last?.position)
        }

        private mutating func note(_ position: Position?) {
            guard let before = ReplayLog.count(before: position) else {
                self.counts["without position", default: 0] += 1
                return
            }
            if before < self.highest, self.isWindowLarge {
                self.failures.append("moved back from \(self.highest) to \(before)")
            }
            self.counts["positions", default: 0] += 1
            self.highest = max(self.highest, before)
            self.resume = before
            if Bool.random(using: &self.random) { self.committed = before }
        }

        /// A new socket, which resumes behind the first `count` events, sometimes inclusively.
        private mutating func changeSocket(from count: Int) {
            self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: count))
            self.isInclusive = count > 0 && Bool.random(using: &self.random)
            self.next = self.isInclusive ? count - 1 : count
            self.trace.append("socket behind \(count)\(self.isInclusive ? " or before" : "")")
            self.counts["sockets", default: 0] += 1
        }

        /// A successor resumes where the stream stands now; the living socket brings more before it takes over.
        private mutating func rollOver() {
            let from = self.resume
            for _ in 0..<Int.random(in: 0...20, using: &self.random) {
                self.log.append(Int.random(in: 0...6, using: &self.random), random: &self.random)
                self.receive()
            }
            self.changeSocket(from: from)
            self.counts["rollovers", default: 0] += 1
        }

        private mutating func discard() {
            self.filter.discard(behind: ReplayLog.position(behind: self.committed))
            self.held = self.held.filter { $0 < self.committed }
            self.highest = self.committed
            self.resume = self.committed
            self.changeSocket(from: self.committed)
            self.counts["discards", default: 0] += 1
        }
    }

    @Test(
        "whatever sockets overlap, nothing fresh is dropped, and no position that passes lies before one that passed",
        arguments: [0, 1, 10, 50, 5000],
        [0, 20]
    )
    func model(window: Int, anonymousPercent: Int) {
        for seed in UInt64(1)...20 {
            var model = Model(seed: seed, window: window, anonymousPercent: anonymousPercent)
            for _ in 0..<600 {
                model.step()
                guard model.failures.isEmpty else { break }
            }
            #expect(
                model.failures.isEmpty,
                "seed \(seed): \(model.failures.first ?? "") after \(model.trace.suffix(20))"
            )
            guard model.failures.isEmpty else { return }
            for fact in ["rollovers", "discards", "retracted", "positions", "sockets"] {
                #expect(model.counts[fact, default: 0] > 0, "seed \(seed): no \(fact)")
            }
            #expect(window < 50 || model.counts["dropped", default: 0] > 50, "seed \(seed): there was nothing to drop")
            #expect(model.counts["positions", default: 0] > 30, "seed \(seed): positions go on")
        }
    }
}
