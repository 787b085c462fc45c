import BridgeCore
import Testing

@testable import GenesysCloud

@Suite
struct RetryPlanTests {
    private static let start = Instant(nanoseconds: 0)

    private static func at(_ seconds: Double) -> Instant { Self.start.advanced(by: .seconds(seconds)) }

    @Test("Only what may do later is sent again")
    func kinds() {
        let kinds: [(RESTFailure.Kind, Bool)] = [
            (.unauthorized, false), (.forbidden, false), (.notFound, false), (.refused, false), (.unusable, false),
            (.cancelled, false), (.throttled, true), (.transient, true),
        ]
        for (kind, isRetried) in kinds {
            var plan = RetryPlan(attemptsMax: 3, deadline: Self.at(60))
            let action = plan.failed(RESTFailure(kind, ""), now: Self.start, random: 0)
            #expect((action != .giveUp) == isRetried)
        }
    }

    @Test("Delays double up to the cap, drawn from [d, 2d), until the attempts are spent")
    func delays() {
        var plan = RetryPlan(attemptsMax: 8, deadline: Self.at(1000))
        let failure = RESTFailure(.transient, "")
        for (random, expected) in [(0, 0.5), (0.5, 1.5), (0, 2), (0, 4), (0, 8), (0.5, 12), (0, 8)]
            as [(Double, Double)]
        {
            #expect(plan.failed(failure, now: Self.start, random: random) == .retry(at: Self.at(expected)))
        }
        #expect(plan.failed(failure, now: Self.start, random: 0) == .giveUp)
    }

    @Test("Nothing is sent again at or behind the deadline, and a server's Retry-After is obeyed (C9)")
    func deadline() {
        var plan = RetryPlan(attemptsMax: 9, deadline: Self.at(10))
        #expect(plan.failed(RESTFailure(.transient, ""), now: Self.at(9.4), random: 0) == .retry(at: Self.at(9.9)))
        #expect(plan.failed(RESTFailure(.transient, ""), now: Self.at(9), random: 0) == .giveUp)
        var asked = RetryPlan(attemptsMax: 9, deadline: Self.at(10))
        let failure = RESTFailure(.transient, "", retryAfterSeconds: 5)
        #expect(asked.failed(failure, now: Self.start, random: 0) == .retry(at: Self.at(5)))
        #expect(asked.failed(failure, now: Self.at(5), random: 0) == .giveUp)
    }
}
