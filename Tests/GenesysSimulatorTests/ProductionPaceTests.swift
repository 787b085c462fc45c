import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct ProductionPaceTests {
    private func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }

    @Test func `the clock makes events at the rate, and a new rate goes on from there`() {
        var pace = ProductionPace(rate: .eventsPerSecond(100), now: self.at(0))
        #expect(pace.end(now: self.at(1_000)) == 100)
        pace.setRate(.eventsPerSecond(10), offered: 0, now: self.at(1_000))
        #expect(pace.end(now: self.at(1_000)) == 100)
        #expect(pace.end(now: self.at(2_000)) == 110)
        pace.setRate(.eventsPerSecond(0), offered: 110, now: self.at(2_000))
        #expect(pace.end(now: self.at(9_000)) == 110)
        #expect(pace.instant(endReaches: 111) == nil)
    }

    @Test(arguments: [1, 2, 33, 100, 101])
    func `at the instant that it names the event exists`(sequence: Int) throws {
        let pace = ProductionPace(rate: .eventsPerSecond(33), now: self.at(0))
        let instant = try #require(pace.instant(endReaches: sequence))
        #expect(pace.end(now: instant) >= sequence)
        #expect(pace.end(now: instant - .milliseconds(1)) < sequence)
    }

    @Test func `after a stop no event comes, and those that were offered stay`() {
        var pace = ProductionPace(rate: .unlimited, now: self.at(0))
        #expect(pace.end(now: self.at(0)) == .max)
        pace.stop(offered: 500, now: self.at(10))
        #expect(pace.end(now: self.at(1_000)) == 500)
        pace.setRate(.eventsPerSecond(1_000), offered: 500, now: self.at(1_000))
        #expect(pace.end(now: self.at(1_100)) == 600)
    }
}
