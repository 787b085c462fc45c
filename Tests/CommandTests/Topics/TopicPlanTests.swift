import Testing

@testable import genesys_kafka_bridge

@Suite("The plan of topics")
struct TopicPlanTests {
    private static let twoTenants = """
        delivery: { checkpoints: { store: kafkaTopic } }
        records: { topics: { partitions: 6, replicationFactor: 3, retention: 48h } }
        kafka: { properties: { bootstrap.servers: "kafka:9092" } }
        tenants:
          - name: acme
            region: mypurecloud.com
            protocol: stream
            credentials: { clientId: id-1, clientSecret: x }
            subscriptions:
              - { event: routing.queueEvents, resourceId: abc-123 }
              - { event: routing.queueEvents, resourceId: abc-124 }
              - { event: user.presence, allowUnfiltered: true }
          - name: umbrella
            region: mypurecloud.com
            protocol: stream
            credentials: { clientId: id-2, clientSecret: x }
            subscriptions:
              - { event: user.presence, allowUnfiltered: true }
        """

    private func plan(_ yaml: String) throws -> [PlannedTopic] {
        let configuration = try Fixture.load(yaml).configuration
        return PlannedTopic.all(of: configuration.tenants, in: configuration)
    }

    private func topic(_ purpose: PlannedTopic.Purpose, retention: Duration? = nil) -> PlannedTopic {
        PlannedTopic(name: "t", purpose: purpose, partitions: 12, replicationFactor: nil, retention: retention)
    }

    @Test("it has every topic that the bridge writes to, once, and no other")
    func complete() throws {
        let plan = try self.plan(Self.twoTenants)
        #expect(
            plan.map(\.name) == [
                "genesys.acme.routing.queueEvents", "genesys.acme.user.presence", "genesys.acme.dead-letters",
                "genesys.acme.gaps", "genesys.umbrella.user.presence", "genesys.umbrella.dead-letters",
                "genesys.umbrella.gaps", "genesys-bridge.checkpoints",
            ]
        )
        #expect(plan.map(\.partitions) == [6, 6, 1, 1, 6, 1, 1, 1])
        #expect(plan.allSatisfy { $0.replicationFactor == 3 })
        #expect(plan.allSatisfy { $0.isCompacted == ($0.purpose == .checkpoints) })
        #expect(plan.allSatisfy { $0.retention == ($0.purpose == .checkpoints ? nil : .seconds(48 * 3600)) })
    }

    @Test("without settings there are 12 partitions, and the brokers decide about the rest")
    func defaults() throws {
        let plan = try self.plan(Fixture.minimal)
        #expect(
            plan.map(\.name) == ["genesys.acme.routing.queueEvents", "genesys.acme.dead-letters", "genesys.acme.gaps"]
        )
        #expect(plan[0].partitions == 12 && plan[0].replicationFactor == nil && plan[0].retention == nil)
        #expect(plan[0].isCompacted == false)
    }

    @Test("a topic that would lose events or has too few partitions is said, one that has more than asked is not")
    func differences() {
        let events = self.topic(.events, retention: .seconds(2 * 3600))
        func found(_ topic: PlannedTopic, _ partitions: Int, _ properties: [String: String] = [:]) -> [String] {
            topic.differences(from: ActualTopic(partitions: partitions, properties: properties))
        }
        #expect(found(events, 12, ["cleanup.policy": "delete", "retention.ms": "7200000"]).isEmpty)
        #expect(found(events, 13, ["retention.ms": "-1"]).isEmpty)
        #expect(found(events, 12).isEmpty, "what the cluster does not say is no difference")
        #expect(found(events, 4) == ["4 partitions, not 12"])
        for policy in ["compact", "compact,delete", "delete, compact"] {
            #expect(found(events, 12, ["cleanup.policy": policy]).first?.hasPrefix("compacted") == true)
        }
        #expect(found(events, 12, ["retention.ms": "3600000"]) == ["kept for 1h, not 2h"])
        #expect(found(self.topic(.events), 12, ["retention.ms": "1"]).isEmpty)
        let checkpoints = self.topic(.checkpoints)
        #expect(found(checkpoints, 12, ["cleanup.policy": "compact"]).isEmpty)
        #expect(found(checkpoints, 12, ["cleanup.policy": "delete"]).count == 1)
        #expect(found(checkpoints, 12, ["cleanup.policy": "compact,delete"]).count == 1)
    }

    @Test("the report says of each topic whether it is there, was created or was refused")
    func report() {
        var topics = ["a", "b", "c"].map {
            PlannedTopic(name: $0, purpose: .events, partitions: 12, replicationFactor: nil, retention: nil)
        }
        topics[0].retention = .seconds(3600)
        var report = TopicReport(topics, on: ["a": ActualTopic(partitions: 3, properties: [:])])
        #expect(report.topics.map(\.state) == [.exists, .missing, .missing])
        #expect(report.text.contains("warning, and not changed: 3 partitions, not 12"))
        #expect(report.text.contains("2 missing"))
        report.enter(refused: ["c": "no such luck"])
        #expect(report.topics.map(\.state) == [.exists, .created, .refused])
        #expect(report.text.contains("no such luck") && report.text.contains("1 created"))
        #expect(!report.text.contains("missing"))
    }

    @Test(
        "a start without a topic that nobody creates is an error that names it; one that cannot know warns (Records: topics)"
    )
    func missing() throws {
        #expect(MissingTopics([], areCreated: false) == .none && MissingTopics.none.message == nil)
        #expect(MissingTopics(["a"], areCreated: true) == .createdOnFirstUse(["a"]))
        #expect(MissingTopics(["a"], areCreated: nil) == .unknown(["a"]))
        let never = MissingTopics(["a", "b"], areCreated: false)
        #expect(never == .neverCreated(["a", "b"]))
        let message = try #require(never.message)
        #expect(message.contains("topics a, b") && message.contains("genesys-kafka-bridge topics"))
        #expect(message.contains("--apply"))
        let many = try #require(MissingTopics((0..<50).map { "t\($0)" }, areCreated: nil).message)
        #expect(many.contains("t19") && !many.contains("t20") && many.contains("30 more"))
    }
}
