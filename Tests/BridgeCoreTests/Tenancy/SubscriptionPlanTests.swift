import BridgeCore
import Testing

@Suite("Plan of subscriptions")
struct SubscriptionPlanTests {
    private static func topics(_ numbers: some Sequence<Int>) -> [SubscriptionTopic] {
        numbers.map { SubscriptionTopic(event: "e", resourceID: "r\($0)") }
    }

    private static let wide = SubscriptionPlan.Limits(topicCountMax: 3, urlBytesMax: 1000, urlBaseBytes: 100)

    private static func placed(_ plan: SubscriptionPlan) -> [String: String] {
        var result: [String: String] = [:]
        for stream in plan.streams {
            for topic in stream.topics { result[topic.label] = stream.name }
        }
        return result
    }

    @Test("what is too many for one socket goes on further ones, in the order wanted, the same every time (S3.5)")
    func packs() {
        var plan = SubscriptionPlan()
        same(plan.want(Self.topics(0..<7), limits: Self.wide) { _ in 1 }, [])
        #expect(plan.streams.map(\.name) == ["0", "1", "2"])
        #expect(plan.streams.map(\.topics) == [Self.topics(0..<3), Self.topics(3..<6), Self.topics(6..<7)])
        var again = SubscriptionPlan()
        _ = again.want(Self.topics(0..<7), limits: Self.wide) { _ in 1 }
        #expect(again == plan)
    }

    @Test("a URL has at most so many bytes: what does not fit goes on another socket, what fits on none is told (S3.5)")
    func urlBytes() {
        let limits = SubscriptionPlan.Limits(topicCountMax: 100, urlBytesMax: 1000, urlBaseBytes: 100)
        let cost = { @Sendable (topic: SubscriptionTopic) in topic.resourceID == "r4" ? 901 : 300 }
        var plan = SubscriptionPlan()
        let unplaceable = plan.want(Self.topics(0..<8), limits: limits, urlBytes: cost)
        #expect(unplaceable == Self.topics([4]))
        // 100 + 3 × 300 is exactly the limit.
        #expect(plan.streams.map(\.topics) == [Self.topics(0..<3), Self.topics([3, 5, 6]), Self.topics([7])])
    }

    @Test("a subscription never moves, whatever comes and goes; no limit is broken and no name given twice (S3.5)")
    func neverMoves() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<50 {
            let limits = SubscriptionPlan.Limits(
                topicCountMax: Int.random(in: 1...5, using: &random),
                urlBytesMax: 1000,
                urlBaseBytes: 100
            )
            let cost = { @Sendable (topic: SubscriptionTopic) in 100 + topic.label.utf8.reduce(0) { $0 + Int($1) } % 400
            }
            var plan = SubscriptionPlan()
            for _ in 0..<20 {
                let before = Self.placed(plan)
                let names = plan.streams.map(\.name)
                let wanted = Self.topics((0..<30).filter { _ in Bool.random(using: &random) }.shuffled(using: &random))
                let unplaceable = plan.want(wanted, limits: limits, urlBytes: cost)
                let after = Self.placed(plan)
                #expect(unplaceable.isEmpty)
                #expect(Set(after.keys) == Set(wanted.map(\.label)))
                #expect(after.count == plan.streams.reduce(0) { $0 + $1.topics.count }, "each stands on one stream")
                for (label, stream) in before {
                    #expect(after[label] == nil || after[label] == stream, "\(label) moved")
                }
                #expect(plan.streams.map(\.name).starts(with: names), "streams keep their names")
                #expect(Set(plan.streams.map(\.name)).count == plan.streams.count)
                for stream in plan.streams {
                    #expect(stream.topics.count <= limits.topicCountMax)
                    #expect(stream.topics.reduce(100) { $0 + cost($1) } <= 1000)
                }
            }
        }
    }

    @Test("what comes back after it was gone is placed anew: nothing was promised for it")
    func comesBack() {
        var plan = SubscriptionPlan()
        _ = plan.want(Self.topics(0..<6), limits: Self.wide) { _ in 1 }
        _ = plan.want(Self.topics(1..<6), limits: Self.wide) { _ in 1 }
        _ = plan.want(Self.topics(1..<8), limits: Self.wide) { _ in 1 }
        #expect(plan.streams.map(\.topics) == [Self.topics([1, 2, 6]), Self.topics(3..<6), Self.topics([7])])
    }
}
