import NIOCore
import Testing

@testable import GenesysSimulator

@Suite("REST budget")
struct RESTBudgetTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private static func at(_ milliseconds: Int64) -> NIODeadline { Self.start + .milliseconds(milliseconds) }

    @Test func `a hold is broken by what comes behind the grace and before its end, and by nothing else (C9)`() {
        var budget = RESTBudget(callsMax: 300, length: .seconds(60), grace: .milliseconds(250))
        func isViolation(_ milliseconds: Int64, _ token: String = "a") -> Bool {
            budget.spend(token, now: Self.at(milliseconds)).isViolation
        }
        budget.hold("a", seconds: 2, now: Self.start)
        #expect(!isViolation(249) && isViolation(250) && !isViolation(250, "b") && isViolation(1_999))
        #expect(!isViolation(2_000))
        // A shorter one takes nothing away, and one that is over says nothing of when the next was told.
        budget.hold("b", seconds: 3, now: Self.start)
        budget.hold("b", seconds: 1, now: Self.at(1_000))
        #expect(isViolation(1_100, "b") && isViolation(2_999, "b") && !isViolation(3_000, "b"))
        budget.hold("b", seconds: 0, now: Self.at(4_000))
        #expect(!isViolation(4_000, "b"))
        budget.hold("b", seconds: 90, now: Self.at(5_000))
        #expect(!isViolation(5_249, "b") && isViolation(5_250, "b"))
        #expect(isViolation(94_999, "b") && !isViolation(95_000, "b"), "longer than the window of calls")
    }
}
