import BridgeCore
import Testing

@Suite("Channel topic rules")
struct ChannelTopicRuleTests {
    @Test("a template stands for a topic of each resource that was found, each once, in order (C10)")
    func expansion() throws {
        let queues = ResourceQuery(kind: .queues, namePattern: "Sales*")
        let rules = [
            try ChannelTopicRule.rule("v2.routing.queues.{queue}.conversations", namePattern: "Sales*"),
            try ChannelTopicRule.rule("v2.users.{user}.presence"),
            try ChannelTopicRule.rule("v2.routing.queues.b.conversations"),
            try ChannelTopicRule.rule("v2.outbound.settings"),
        ]
        #expect(rules.compactMap(\.query) == [queues, ResourceQuery(kind: .users)])
        let topics = ChannelTopicRule.topics(
            of: rules,
            found: [queues: ["a", "b"], ResourceQuery(kind: .users): ["u"]]
        )
        #expect(
            topics == [
                "v2.routing.queues.a.conversations", "v2.routing.queues.b.conversations", "v2.users.u.presence",
                "v2.outbound.settings",
            ]
        )
        #expect(ChannelTopicRule.topics(of: rules, found: [:]).count == 2)
    }

    @Test(
        "what is no topic is refused with the reason (C10)",
        arguments: [
            "users.x.presence", "v2.users x", "v2.users.{id}.presence", "v2.users.{user}.{user}", "v2.a.{user}.{queue}",
            "v2.users.x{user}.presence",
        ]
    )
    func refused(text: String) {
        #expect(throws: ChannelTopicRule.Defect.self) { try ChannelTopicRule.rule(text) }
        #expect(throws: ChannelTopicRule.Defect.self) {
            try ChannelTopicRule.rule("v2.outbound.settings", namePattern: "x")
        }
    }
}
