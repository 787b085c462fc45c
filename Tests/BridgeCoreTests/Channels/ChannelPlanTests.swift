import BridgeCore
import Testing

@Suite("Channel plan")
struct ChannelPlanTests {
    private static func places(_ plan: ChannelPlan) -> [String: String] {
        var places: [String: String] = [:]
        for channel in plan.channels {
            for topic in channel.topics {
                #expect(places[topic] == nil, "\(topic) stands twice")
                places[topic] = channel.name
            }
        }
        return places
    }

    @Test(
        "any change of topics moves none that stays, and keeps every limit (C7)",
        arguments: [1 as UInt64, 2, 3, 4, 5, 6, 7, 8]
    )
    func stable(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limits = ChannelPlan.Limits(
            topicCountMax: Int.random(in: 1...7, using: &random),
            channelCountMax: Int.random(in: 4...9, using: &random),
            reserve: Int.random(in: 1...2, using: &random),
            isRedundant: Bool.random(using: &random)
        )
        let room = limits.setCountMax * limits.topicCountMax
        var plan = ChannelPlan()
        for step in 0..<300 {
            let count = Int.random(in: 0...(room + 2), using: &random)
            let topics = (0..<count).map { _ in "t\(Int.random(in: 0...(2 * room), using: &random))" }
            let before = plan
            let old = Self.places(before)
            do throws(ChannelPlan.OverBudget) {
                try plan.want(topics, limits: limits)
            } catch {
                #expect(Set(topics).count > room && plan == before, "seed \(seed), step \(step)")
                continue
            }
            let new = Self.places(plan)
            #expect(Set(new.keys) == Set(topics), "seed \(seed), step \(step)")
            for (topic, name) in old where new[topic] != nil {
                #expect(new[topic] == name, "seed \(seed), step \(step): \(topic) moved")
            }
            #expect(plan.channels.allSatisfy { 0...limits.topicCountMax ~= $0.topics.count }, "seed \(seed)")
            #expect(plan.channels.count <= limits.setCountMax, "seed \(seed), step \(step)")
        }
    }

    @Test("a thousand and one topics are two channels, and those over the budget are refused with the arithmetic (C7)")
    func budget() throws {
        var plan = ChannelPlan()
        try plan.want((0...1000).map { "t\($0)" }, limits: .init())
        #expect(plan.channels.map(\.topics.count) == [1000, 1])
        try plan.want((0..<18_000).map { "t\($0)" }, limits: .init())
        #expect(plan.channels.count == 18)
        #expect {
            try plan.want((0...18_000).map { "t\($0)" }, limits: .init())
        } throws: { error in
            "\(error)" == "18001 topics, 1000 on a channel, are 19 channels, and 2 kept for rollovers make 21: "
                + "there are 20, which is room for 18000 topics"
        }
        #expect {
            try plan.want((0...9000).map { "t\($0)" }, limits: .init(isRedundant: true))
        } throws: { error in
            "\(error)".contains("10 channels, twice for redundancy, 20, and 2 kept for rollovers make 22")
        }
        #expect(plan.channels.count == 18)
    }

    @Test("a channel without topics keeps its name, and is the last to be given new ones (C7)")
    func names() throws {
        var plan = ChannelPlan()
        let limits = ChannelPlan.Limits(topicCountMax: 2)
        try plan.want(["a", "b", "c"], limits: limits)
        try plan.want(["c"], limits: limits)
        #expect(plan.channels.map(\.name) == ["0", "1"])
        #expect(plan.channels.map(\.topics) == [[], ["c"]])
        try plan.want(["c", "d"], limits: limits)
        #expect(plan.channels.map(\.topics) == [[], ["c", "d"]])
        try plan.want(["c", "d", "e"], limits: limits)
        #expect(plan.channels.map(\.topics) == [["e"], ["c", "d"]])
        try plan.want(["c", "d", "e", "f", "g"], limits: limits)
        #expect(plan.channels.map(\.name) == ["0", "1", "2"])
    }

    @Test("places beside living channels are given in the order in which they were asked for (C7)")
    func places() {
        var places = ChannelPlaces<Int>(count: 2)
        #expect(places.ask(1) && places.ask(2) && !places.ask(3) && !places.ask(4) && !places.ask(5))
        #expect(places.release(4) == nil)
        #expect(places.release(1) == 3)
        #expect(places.release(1) == nil)
        #expect(places.ask(2) == true)
        #expect(places.release(3) == 5)
        #expect(places.release(5) == nil && places.release(2) == nil && places.ask(9))
    }

    @Test("a list that brings what is planned changes nothing of the plan, nor when it was listed (C7, C10)")
    func unchanged() {
        let query = ResourceQuery(kind: .queues)
        let planner = ChannelPlanner(
            rules: [.template("v2.routing.queues.{queue}.conversations", query: query)],
            limits: .init()
        )
        var plan = SubscriptionPlan(listedAtMilliseconds: 7)
        _ = planner.want(found: [query: ["a"]], in: &plan)
        #expect(plan.streams.count == 1 && plan.listedAtMilliseconds == 7)
        let before = plan
        _ = planner.want(found: [query: ["a"]], in: &plan)
        #expect(plan == before)
    }
}
