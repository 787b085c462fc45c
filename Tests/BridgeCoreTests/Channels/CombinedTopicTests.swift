import BridgeCore
import Testing

@Suite("Combined topics")
struct CombinedTopicTests {
    private static let users = ResourceQuery(kind: .users)

    @Test("one stands for several of one base, any other topic for itself (section 3)")
    func topics() throws {
        let text = "v2.users.u?presence&routingStatus&conversations.calls"
        let topic = try #require(CombinedTopic(text))
        #expect(topic.base == "v2.users.u" && topic.text == text)
        #expect(topic.topics == ["v2.users.u.presence", "v2.users.u.routingStatus", "v2.users.u.conversations.calls"])
        #expect(CombinedTopic.topics(of: text) == topic.topics)
        #expect(CombinedTopic("v2.users.u.presence") == nil)
        #expect(CombinedTopic.topics(of: "v2.users.u.presence") == ["v2.users.u.presence"])
        #expect(CombinedTopic("v2.users.u?")?.leaves == [""] && CombinedTopic("?&")?.leaves == ["", ""])
    }

    @Test("a template of one is filled in its base, and its query is that of the place (C10)")
    func template() throws {
        let rule = try ChannelTopicRule.rule("v2.users.{user}?presence&routingStatus", namePattern: "A*")
        let query = ResourceQuery(kind: .users, namePattern: "A*")
        #expect(rule == .template("v2.users.{user}?presence&routingStatus", query: query))
        #expect(
            rule.topics == [
                .template("v2.users.{user}.presence", query: query),
                .template("v2.users.{user}.routingStatus", query: query),
            ]
        )
        #expect(
            ChannelTopicRule.topics(of: [rule], found: [query: ["a", "b"]]) == [
                "v2.users.a?presence&routingStatus", "v2.users.b?presence&routingStatus",
            ]
        )
        let literal = try ChannelTopicRule.rule("v2.users.a?presence&routingStatus")
        #expect(literal.topics == [.topic("v2.users.a.presence"), .topic("v2.users.a.routingStatus")])
    }

    @Test(
        "an id stands in the base and nowhere else (C10)",
        arguments: [
            "v2.users?{user}.presence&x", "v2.users?{user}", "v2.users.{user}?{user}", "v2.users.{user}?a&{queue}",
            "v2.users.x{user}?a&b", "v2.users.{user}?a&{b}",
        ]
    )
    func refused(text: String) {
        #expect(throws: ChannelTopicRule.Defect.self) { try ChannelTopicRule.rule(text) }
    }

    @Test("each event comes once: a combined topic brings what is wanted for itself, too, and stays as it is (C3, C7)")
    func once() throws {
        func topics(_ rules: String...) throws -> [String] {
            ChannelTopicRule.topics(
                of: try rules.map { try ChannelTopicRule.rule($0) },
                found: [Self.users: ["a", "b"]]
            )
        }
        let combined = "v2.users.{user}?presence&routingStatus"
        let both = ["v2.users.a?presence&routingStatus", "v2.users.b?presence&routingStatus"]
        #expect(try topics("v2.users.a.presence", combined) == both)
        #expect(try topics(combined, "v2.users.b.routingStatus", "v2.users.b.station") == both + ["v2.users.b.station"])
        // Of two combined ones the first: of the other what is left, as a topic for itself where that is one.
        #expect(
            try topics("v2.users.a?presence&station&activity", combined)
                == ["v2.users.a?presence&station&activity", "v2.users.a.routingStatus", both[1]]
        )
        #expect(
            try topics("v2.users.a?presence&station", "v2.users.{user}?activity&station&routingStatus")
                == [
                    "v2.users.a?presence&station", "v2.users.a?activity&routingStatus",
                    "v2.users.b?activity&station&routingStatus",
                ]
        )
        #expect(try topics(combined, "v2.users.a?routingStatus&presence") == both)
    }

    @Test("one counts as one topic of a channel (C7)")
    func plan() throws {
        let planner = ChannelPlanner(
            rules: [try ChannelTopicRule.rule("v2.users.{user}?presence&routingStatus&station")],
            limits: .init(topicCountMax: 2, channelCountMax: 3, reserve: 1)
        )
        var plan = SubscriptionPlan()
        let planned = planner.want(found: [Self.users: ["a", "b", "c", "d"]], in: &plan)
        #expect(planned == PlannedTopics(count: 4))
        #expect(plan.streams.map { $0.topics.map(\.event) }.map(\.count) == [2, 2])
        #expect(plan.streams[0].topics[0].event == "v2.users.a?presence&routingStatus&station")
        let refused = planner.want(found: [Self.users: ["a", "b", "c", "d", "e"]], in: &plan)
        #expect(refused.count == 5 && refused.refusal != nil)
    }
}
