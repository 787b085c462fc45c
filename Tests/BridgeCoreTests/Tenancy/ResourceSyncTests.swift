import BridgeCore
import Testing

@Suite("Subscriptions that follow the resources (S5.5)")
struct ResourceSyncTests {
    private static func at(_ seconds: Int) -> Instant { Instant().advanced(by: .seconds(seconds)) }

    @Test("a rule by query is one subscription for each resource found, beside those by name, each once (S5.5)")
    func rules() {
        let all = ResourceQuery(kind: .queues)
        let sales = ResourceQuery(kind: .queues, namePattern: "Sales*")
        let filters = [SubscriptionFilter(name: "f", values: ["v"])]
        let rules: [SubscriptionRule] = [
            .topic(SubscriptionTopic(event: "e", resourceID: "2")), .query(event: "e", filters: [], query: all),
            .query(event: "e", filters: filters, query: sales),
        ]
        #expect(
            SubscriptionRule.topics(of: rules, found: [all: ["1", "2", "3"], sales: ["3"]]) == [
                SubscriptionTopic(event: "e", resourceID: "2"), SubscriptionTopic(event: "e", resourceID: "1"),
                SubscriptionTopic(event: "e", resourceID: "3"),
                SubscriptionTopic(event: "e", resourceID: "3", filters: filters),
            ]
        )
        #expect(SubscriptionRule.topics(of: rules, found: [:]) == [SubscriptionTopic(event: "e", resourceID: "2")])
        #expect(rules.map(\.query) == [nil, all, sales])
    }

    @Test("resources are listed at once, then every syncInterval, and sooner after a failure, never later (S5.5)")
    func schedule() {
        var random = SeededGenerator(seed: 5)
        var schedule = SyncSchedule(interval: .seconds(20), backoff: .init(), now: Self.at(0))
        #expect(schedule.nextAt == Self.at(0))
        schedule.listed(now: Self.at(1))
        #expect(schedule.nextAt == Self.at(21))
        for d in [1, 2, 4, 8] {
            schedule.failed(now: Self.at(21), random: &random)
            #expect(schedule.nextAt >= Self.at(21 + d) && schedule.nextAt < Self.at(21 + 2 * d))
        }
        for _ in 0..<10 {
            schedule.failed(now: Self.at(21), random: &random)
            #expect(schedule.nextAt <= Self.at(41))
        }
        schedule.listed(now: Self.at(50))
        schedule.failed(now: Self.at(50), random: &random)
        #expect(schedule.nextAt < Self.at(52), "a list that could be had starts the pauses anew")
    }
}
