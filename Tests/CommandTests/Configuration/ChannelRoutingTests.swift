import BridgeCore
import BridgeRuntime
import Testing

@testable import GenesysCloud
@testable import genesys_kafka_bridge

/// Where the events of channels go: everything that knows a stream's topics knows theirs.
@Suite("Kafka topics of channels")
struct ChannelRoutingTests {
    private static let id = ChannelFixture.id
    private static let other = "0a0b0c0d-0000-4000-8000-00000000000f"
    private static let subscriptions = [
        ChannelFixture.conversations, "{ topic: v2.routing.queues.\(id).conversations, records: { topic: vip } }",
        "{ topic: \"v2.users.{user}.presence\", records: { key: none, headers: none } }",
        "{ topic: v2.outbound.settings }",
    ]

    private static func load(_ subscriptions: [String] = subscriptions) throws -> ConfigurationLoader.Loaded {
        try Fixture.load(ChannelFixture.yaml(subscriptions))
    }

    /// A batch as a channel's socket makes it.
    private static func batch(_ topics: [String]) throws -> NotificationBatch {
        var builder = ChannelBatchBuilder()
        var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
        for name in topics {
            let bytes = Array(#"{"topicName":"\#(name)","version":"2","eventBody":{"x":1}}"#.utf8)
            let message = try ChannelMessage(bytes.span)
            guard case .event(let topic) = message.kind else { continue }
            try builder.append(bytes.span, message, topic: topic, id: ids.next())
        }
        return builder.build().batch
    }

    @Test("an event of a channel goes where its topic's subscription says, keyed by the id in its topic")
    func records() throws {
        let tenant = try Self.load().configuration.tenants[0]
        let mapper = StreamSettingsMap.mapper(tenant, deadLetterBytesMax: 1000)
        let batch = try Self.batch([
            "v2.routing.queues.\(Self.id).conversations", "v2.routing.queues.\(Self.other).conversations",
            "v2.users.\(Self.other).presence", "v2.outbound.settings", "v2.never.wanted",
        ])
        #expect(batch.events.count == 5)
        let mapped = mapper.map(batch, receivedAtMilliseconds: 1)
        #expect(
            mapped.records.map { mapper.routes.routes[Int($0.route)].kafkaTopic } == [
                "vip", "genesys.acme.routing.queues.conversations", "genesys.acme.users.presence",
                "genesys.acme.outbound.settings", "genesys.acme.dead-letters",
            ]
        )
        #expect(mapped.deadLetterCount == 1)
        let keys = mapped.records.map { record in
            record.key.map { String(decoding: mapped.bytes.array($0), as: UTF8.self) }
        }
        #expect(keys == [Self.id, Self.other, nil, nil, nil])
    }

    @Test("topics creates and a start looks for the topics of every family")
    func plan() throws {
        let configuration = try Self.load().configuration
        #expect(
            PlannedTopic.all(of: configuration.tenants, in: configuration).map(\.name) == [
                "genesys.acme.routing.queues.conversations", "vip", "genesys.acme.users.presence",
                "genesys.acme.outbound.settings", "genesys.acme.dead-letters", "genesys.acme.gaps",
            ]
        )
    }

    @Test("verify knows them, and of which of them the order can be judged")
    func verify() throws {
        let configuration = try Self.load().configuration
        let reading = TopicReading(
            configuration.tenants[0],
            configuration,
            clock: SystemClock(),
            silenceMax: .seconds(1)
        )
        #expect(
            reading.roles == [
                "genesys.acme.routing.queues.conversations": .events(.init(names: ["routing.queues.conversations"])),
                "vip": .events(.init(names: ["routing.queues.conversations"])),
                "genesys.acme.users.presence": .events(.init(names: ["users.presence"], areInOrder: false)),
                "genesys.acme.outbound.settings": .events(.init(names: ["outbound.settings"])),
                "genesys.acme.dead-letters": .deadLetters, "genesys.acme.gaps": .gaps,
            ]
        )
    }

    @Test("validate shows them, how many topics there is room for, and where what Kafka does not have yet is kept")
    func validate() throws {
        let plan = ConfigurationPlan(try Self.load(), file: "f", share: .whole)
        let tenant = plan.tenants[0]
        #expect(tenant.protocol == "channels" && tenant.maxBatchSize == nil && tenant.maxLatency == nil)
        #expect(tenant.topics?.named == 2 && tenant.topics?.templates == 2)
        #expect(tenant.topics?.countMax == 18_000 && tenant.topics?.channelsMax == 18)
        #expect(
            plan.text.contains(
                """
                  acme, partition \(tenant.partition) of 64
                    from    https://api.mypurecloud.com (token: https://login.mypurecloud.com)
                    channels of 2 topics and those of 2 templates, of at most 18000 on 18 channels
                    4 subscriptions to genesys.acme.outbound.settings, genesys.acme.routing.queues.conversations, \
                genesys.acme.users.presence, vip
                    routing.queues.conversations of \(Self.id) to vip, key entity, headers cloudevents
                    users.presence to genesys.acme.users.presence, key none, headers none

                """
            ),
            "\(plan.text)"
        )
        #expect(plan.text.contains("\nspool: /var/lib/genesys-kafka-bridge/spool, at most 1GiB for each stream\n"))
        let memory = try Fixture.load(ChannelFixture.yaml(head: ["spool: { store: memory }"]))
        let inMemory = ConfigurationPlan(memory, file: "f", share: .whole)
        #expect(inMemory.spool == "memory, at most 128MiB for each stream")
        #expect(
            inMemory.tenants[0].topics?.text
                == "0 topics and those of 1 template, of at most 18000 on 18 channels"
        )
        let stream = ConfigurationPlan(try Fixture.load(Fixture.minimal), file: "f", share: .whole)
        #expect(stream.spool == nil && stream.tenants[0].topics == nil && stream.tenants[0].protocol == "stream")
        #expect(stream.text.contains("    batches of at most 100 events, after 5s at the latest\n"))
    }

    @Test(
        "topics that Kafka cannot tell apart are refused",
        arguments: [
            (
                ["{ topic: v2.users.\(id).presence, records: { topic: genesys.acme.gaps } }"],
                "8:92: tenants[0].subscriptions[0].records.topic: its Kafka topic genesys.acme.gaps cannot be told from "
                    + "genesys.acme.gaps, where the bridge reports what it could not deliver of tenants[0] in line 3; "
                    + "change the topic in records"
            ),
            (
                ["{ topic: v2.brand.new_one }", "{ topic: v2.brand.new.one }"],
                "9:18: tenants[0].subscriptions[1].topic: its Kafka topic genesys.acme.brand.new.one cannot be told from "
                    + "genesys.acme.brand.new_one of tenants[0].subscriptions[0] in line 8; change a topic in records, or a "
                    + "tenant's name, so that they differ in more than `.`, `_` and mapped characters; to share a topic, "
                    + "write its name in both"
            ),
        ]
    )
    func collisions(subscriptions: [String], expected: String) {
        #expect(ChannelFixture.errors(ChannelFixture.yaml(subscriptions)) == [expected])
    }

    @Test("a stream's events and a channel's do not meet by chance, and may share a topic where that is written")
    func bothDialects() {
        let channels = ChannelFixture.yaml(["{ topic: v2.outbound.settings }"])
        let stream = """

              - name: other
                region: mypurecloud.com
                protocol: stream
                credentials: { clientId: id, clientSecret: secret }
                subscriptions: [ { event: outbound.settings, resourceId: r } ]
            """
        #expect(ChannelFixture.errors(channels + stream) == [])
        #expect(ChannelFixture.errors(channels + stream + "\nrecords: { topic: all }") == [])
        // One name would be taken for the other tenant's.
        let shared = stream.replacing("name: other", with: "name: acme.outbound").replacing(
            "outbound.settings",
            with: "settings"
        )
        #expect(ChannelFixture.errors(channels + shared).count == 1)
    }

    @Test("checkpoints do not go where a topic's events go")
    func checkpoints() {
        let head = ["delivery: { checkpoints: { store: kafkaTopic, topic: genesys_acme.users.presence } }"]
        #expect(
            ChannelFixture.errors(ChannelFixture.yaml(["{ topic: \"v2.users.{user}.presence\" }"], head: head)) == [
                "1:54: delivery.checkpoints.topic: cannot be told from genesys.acme.users.presence, where records of tenant "
                    + "acme go; give the checkpoints a topic of their own"
            ]
        )
    }
}
