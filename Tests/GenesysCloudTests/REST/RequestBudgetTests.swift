import BridgeCore
import NIOHTTP1
import Testing

@testable import GenesysCloud

@Suite
struct RequestBudgetTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    private static func at(_ seconds: Double) -> Instant { Self.start.advanced(by: .seconds(seconds)) }

    /// One request a second behind a burst of three.
    private static func budget() -> RequestBudget {
        RequestBudget(requestsPerMinute: 60, burst: 3, now: Self.start)
    }

    @Test("A burst goes at once, and then the rate counts")
    func rate() {
        var budget = Self.budget()
        for _ in 0..<3 { #expect(budget.take(serial: 1, now: Self.start) == .send) }
        #expect(budget.take(serial: 1, now: Self.start) == .wait(until: Self.at(1)))
        #expect(budget.take(serial: 1, now: Self.at(0.9)) == .wait(until: Self.at(1)), "asking costs nothing")
        #expect(budget.take(serial: 1, now: Self.at(1)) == .send)
        #expect(budget.take(serial: 1, now: Self.at(1)) == .wait(until: Self.at(2)))
        // A long pause fills the bucket, and no further.
        for _ in 0..<3 { #expect(budget.take(serial: 1, now: Self.at(1000)) == .send) }
        #expect(budget.take(serial: 1, now: Self.at(1000)) == .wait(until: Self.at(1001)))
    }

    @Test("In no minute more requests go than the rate and one burst, whatever comes when", arguments: [1, 2, 3])
    func bound(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var budget = RequestBudget(requestsPerMinute: 300, burst: 10, now: Self.start)
        var now = Self.start
        var sent: [Instant] = []
        for _ in 0..<5000 {
            switch budget.take(serial: 1, now: now) {
            case .send: sent.append(now)
            case .wait(let until):
                #expect(until > now)
                let isPatient = Bool.random(using: &random)
                now = isPatient ? until : now.advanced(by: .milliseconds(Int.random(in: 1...900, using: &random)))
            }
        }
        for (index, first) in sent.enumerated() {
            let end = first.advanced(by: .seconds(60))
            let count = sent[index...].prefix { $0 < end }.count
            #expect(count <= 310, "seed \(seed)")
            guard count <= 310 else { return }
        }
        #expect(sent.count > 1000)
    }

    @Test("The server's count is only ever lowered within its window")
    func window() {
        var budget = RequestBudget(requestsPerMinute: 6000, burst: 100, now: Self.start)
        func take(_ seconds: Double) -> RequestBudget.Action { budget.take(serial: 1, now: Self.at(seconds)) }
        func answer(_ count: Int, reset: Int, at seconds: Double) {
            budget.finished()
            budget.answered(
                serial: 1,
                limits: RateLimitHeaders(count: count, allowed: 300, resetSeconds: reset),
                now: Self.at(seconds)
            )
        }
        #expect(take(0) == .send)
        answer(298, reset: 30, at: 0)
        #expect(take(1) == .send)
        #expect(take(1) == .send)
        #expect(take(1) == .wait(until: Self.at(30)))
        // An answer that was overtaken knows of fewer requests.
        answer(100, reset: 29, at: 1)
        #expect(take(2) == .wait(until: Self.at(30)))
        // What is still in flight may not have been counted.
        #expect(take(30) == .send)
        answer(298, reset: 60, at: 30)
        #expect(take(31) == .send)
        #expect(take(31) == .wait(until: Self.at(90)))
        #expect(take(90) == .send)
    }

    @Test("A new token has a window of its own, but neither another bucket nor an end of a 429's hold")
    func newToken() {
        var budget = Self.budget()
        let spent = RateLimitHeaders(count: 300, allowed: 300, resetSeconds: 50)
        #expect(budget.take(serial: 1, now: Self.start) == .send)
        budget.finished()
        budget.answered(serial: 1, limits: spent, now: Self.start)
        #expect(budget.take(serial: 1, now: Self.start) == .wait(until: Self.at(50)))
        #expect(budget.take(serial: 2, now: Self.start) == .send)
        #expect(budget.take(serial: 2, now: Self.start) == .send)
        #expect(budget.take(serial: 2, now: Self.start) == .wait(until: Self.at(1)))
        budget.finished()
        budget.answered(serial: 1, limits: spent, now: Self.start)
        #expect(budget.take(serial: 2, now: Self.at(1)) == .send, "a late answer to the old token says nothing")
        budget.throttled(retryAfterSeconds: 20, limits: nil, now: Self.at(1), random: 0)
        #expect(budget.take(serial: 3, now: Self.at(1)) == .wait(until: Self.at(21)))
    }

    @Test("A 429 holds for what it says, else for the window, else for longer each time, and never for less")
    func holds() {
        var budget = Self.budget()
        func hold(_ retryAfter: Int?, _ reset: Int? = nil, at seconds: Double, random: Double = 0) -> Double? {
            budget.throttled(
                retryAfterSeconds: retryAfter,
                limits: reset.map { RateLimitHeaders(count: 1, allowed: 300, resetSeconds: $0) },
                now: Self.at(seconds),
                random: random
            )
            guard case .wait(let until) = budget.take(serial: 1, now: Self.at(seconds)) else { return nil }
            return Self.start.duration(to: until).inSeconds
        }
        #expect(hold(30, 60, at: 0) == 30)
        #expect(hold(1, at: 0) == 30, "an earlier hold stands")
        #expect(hold(nil, 40, at: 30, random: 0.5) == 70.5)
        for (start, end) in [(100, 140), (200, 260), (300, 360)] as [(Double, Double)] {
            #expect(hold(nil, at: start) == end)
        }
        #expect(hold(86_400, at: 400) == 1300, "a quarter of an hour at most")
        #expect(budget.take(serial: 1, now: Self.at(1300)) == .send)
        budget.finished()
        budget.answered(serial: 1, limits: nil, now: Self.at(1300))
        #expect(hold(nil, at: 1301) == 1306, "an answer starts the doubling anew")
    }

    @Test("Headers are read as numbers or not at all")
    func headers() {
        func read(_ count: String?, _ allowed: String?, _ reset: String?) -> RateLimitHeaders? {
            var answer = HTTPAnswer(status: 200, headers: [:], body: [])
            let values = [
                "Inin-RateLimit-Count": count, "inin-ratelimit-allowed": allowed, "inin-ratelimit-reset": reset,
            ]
            for (name, value) in values { value.map { answer.headers.add(name: name, value: $0) } }
            return RateLimitHeaders(answer)
        }
        #expect(read("3", "300", "17") == RateLimitHeaders(count: 3, allowed: 300, resetSeconds: 17))
        #expect(read("3", "300", nil) == RateLimitHeaders(count: 3, allowed: 300, resetSeconds: 60))
        #expect(read("3", "300", "999999") == RateLimitHeaders(count: 3, allowed: 300, resetSeconds: 300))
        #expect(read("3", nil, "17") == nil)
        #expect(read("-3", "300", "17") == nil)
        #expect(read("3", "99999999999999999999", "17") == nil)
        #expect(read("three", "300", "17") == nil)
    }
}
