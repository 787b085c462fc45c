import Foundation
import GenesysSimulator
import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// `run` of a tenant whose subscriptions bring several topics each, as a process, against a server that takes them or does not.
@Suite("The command run, of combined topics", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct CombinedTopicRunTests {
    private static let wanted = ChannelRunScene.Wanted(
        subscriptions: ["v2.users.{user}?presence&routingStatus"],
        families: ["users.presence", "users.routingStatus"]
    )
    private static let users = SimulatedResource.generated(count: 30).filter { $0.event == "user.presence" }
        .map(\.resourceId)

    /// The values of a family's Kafka topic, as text.
    private static func values(_ family: String, _ scene: ChannelRunScene) async throws -> [String] {
        let consumer = try KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: scene.bootstrapServers),
            topics: [ChannelRunScene.topic(family)]
        )
        var values: [String] = []
        var ended: Set<Int32> = []
        try await eventually("the ends of \(family)") {
            let batch = try await consumer.next(max: 10_000, timeout: .milliseconds(100))
            values += batch.records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
            for case .endOfPartition(let partition, _) in batch.events { ended.insert(partition.partition) }
            return ended.count == 4
        }
        await consumer.close()
        return values
    }

    /// Waits until so many events of each topic that any socket has had came to be without one.
    private static func misses(_ count: Int, _ scene: ChannelRunScene) async throws {
        func lost() async throws -> [String: Int] {
            let topics = try await scene.snapshot.topics
            return Dictionary(uniqueKeysWithValues: topics.map { ($0.topic, $0.lost.reduce(0) { $0 + $1[1] - $1[0] }) })
        }
        let before = try await lost()
        try await eventually("events that nobody heard") {
            let now = try await lost()
            return before.allSatisfy { now[$0.key] ?? 0 >= $0.value + count }
        }
    }

    private static func verify(_ scene: ChannelRunScene) async throws -> VerifiedTenant {
        let process = try RunningProcess(["verify", "--config", scene.configurationPath, "--json", "--keys"])
        #expect(try await process.ended() == 0, "\(process.output) \(process.errors)")
        let report = try JSONDecoder().decode(VerifyReport.self, from: Data(process.output.utf8))
        return try #require(report.tenants.first)
    }

    @Test(
        "the events of each part are in the Kafka topic of its family, each subscription counts as one, and what is missing is within gap records of it (section 3, C1, C7)"
    )
    func both() async throws {
        try await ChannelRunScene.with(
            eventsPerSecond: 5,
            wanted: Self.wanted,
            adjust: {
                $0.acceptsCombinedTopics = true
                // Twice as many would be refused.
                $0.topicCountMax = Self.users.count
            }
        ) { scene in
            let section = "channels: { combinedTopics: true, topicsPerChannel: \(Self.users.count) }"
            let killed = try scene.bridge(section)
            try await scene.progresses()
            let channels = try await scene.snapshot.channels
            #expect(channels.count == 1)
            #expect(
                Set(channels.flatMap(\.subscriptions))
                    == Set(Self.users.map { "v2.users.\($0)?presence&routingStatus" })
            )
            #expect(killed.errors.contains("subscriptions=\(Self.users.count)"))
            let missedBefore = try await scene.insideGaps()
            let gaps = await scene.audit.notices(ChannelRunScene.tenant).gaps
            try await scene.simulator.inject(.channelReset)
            try await eventually("a gap record") { await scene.audit.notices(ChannelRunScene.tenant).gaps > gaps }
            try await scene.progresses()
            killed.signal(SIGKILL)
            #expect(try await killed.ended() == SIGKILL)
            try await Self.misses(2, scene)
            let bridge = try scene.bridge(section)
            try await scene.progresses()
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.insideGaps >= missedBefore + 4 * Self.users.count, "\(result)")
            #expect(await scene.audit.notices(ChannelRunScene.tenant).deadLettered == 0)
            let snapshot = try await scene.snapshot
            #expect(snapshot.faultsFired["channelReset"] == 1)
            #expect(snapshot.topics.count == 2 * Self.users.count && snapshot.topics.allSatisfy { !$0.sent.isEmpty })
            for leaf in ["presence", "routingStatus"] {
                let values = try await Self.values("users.\(leaf)", scene)
                for user in Self.users {
                    #expect(values.contains { $0.contains("\"topicName\":\"v2.users.\(user).\(leaf)\"") })
                }
                #expect(values.allSatisfy { $0.contains(".\(leaf)\",\"version\"") })
            }
            let records = try await Self.values("gaps", scene)
            #expect(records.count == result.gaps && records.allSatisfy { $0.contains("?presence&routingStatus\"") })
            let verified = try await Self.verify(scene)
            #expect(verified.lost == 0 && verified.undecided == 0, "\(verified)")
            #expect(verified.insideGaps + verified.besideGaps >= 4 * Self.users.count, "\(verified)")
            #expect(verified.keys?.count == 2 * Self.users.count && verified.delivered == result.delivered)
        }
    }

    @Test("topics that are combined from one start to the next, and back, miss nothing that is in no gap record (C1)")
    func changed() async throws {
        try await ChannelRunScene.with(
            eventsPerSecond: 5,
            wanted: Self.wanted,
            adjust: { $0.acceptsCombinedTopics = true }
        ) { scene in
            let single = ["v2.users.{user}.presence", "v2.users.{user}.routingStatus"]
            for subscriptions in [single, Self.wanted.subscriptions, single] {
                let bridge = try scene.bridge("channels: { combinedTopics: true }", subscriptions: subscriptions)
                try await scene.progresses()
                let subscribed = try await scene.snapshot.channels.filter(\.isConnected).flatMap(\.subscriptions)
                #expect(subscribed.count == subscriptions.count * Self.users.count, "\(subscribed)")
                try await scene.stop(bridge)
                try await Self.misses(2, scene)
            }
            let bridge = try scene.bridge("channels: { combinedTopics: true }")
            try await scene.progresses()
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.insideGaps >= 3 * 4 * Self.users.count, "\(result)")
        }
    }

    @Test(
        "with hashed ids gap records name it by its hash, and verify finds by them what is missing of each part (C1)"
    )
    func hashed() async throws {
        try await ChannelRunScene.with(
            eventsPerSecond: 5,
            wanted: Self.wanted,
            adjust: { $0.acceptsCombinedTopics = true }
        ) { scene in
            let rules = "rules: [ { family: \"users.*\", resourceId: hash, drop: [ /eventBody/id ] } ]"
            let section =
                "channels: { combinedTopics: true }\nprivacy: { hashKey: a-key-that-nobody-guesses, \(rules) }"
            let stopped = try scene.bridge(section)
            try await scene.progresses()
            try await scene.stop(stopped)
            try await Self.misses(2, scene)
            let bridge = try scene.bridge(section)
            try await scene.progresses(by: 200)
            try await scene.stop(bridge)
            let verified = try await Self.verify(scene)
            #expect(verified.lost == 0 && verified.undecided == 0 && verified.delivered > 0, "\(verified)")
            #expect(verified.insideGaps + verified.besideGaps > Self.users.count, "\(verified)")
            #expect(verified.keys?.count == 2 * Self.users.count)
            let records = try await Self.values("gaps", scene)
            #expect(records.contains { $0.contains(/"v2\.users\.[0-9a-f]{32}\?presence&routingStatus"/) })
            var all = records + [stopped.errors, bridge.errors]
            for family in Self.wanted.families { all += try await Self.values(family, scene) }
            for user in Self.users { #expect(!all.contains { $0.contains(user) }, "\(user) is shown") }
        }
    }

    @Test("a server that does not take it is told of with its reason, and its time is a gap that lasts (C4)")
    func rejected() async throws {
        try await ChannelRunScene.with(
            wanted: .init(
                subscriptions: Self.wanted.subscriptions + ["v2.routing.queues.{queue}.conversations"],
                families: Self.wanted.families + ["routing.queues.conversations"]
            )
        ) { scene in
            let bridge = try scene.bridge("channels: { combinedTopics: true }")
            try await scene.progresses()
            let told = "the server does not bring a topic"
            try await eventually("the topics that are not brought") {
                bridge.errors.components(separatedBy: told).count - 1 == Self.users.count
            }
            #expect(bridge.errors.contains("topic=v2.users.\(Self.users[0])?presence&routingStatus"))
            try await scene.stop(bridge)
            let gaps = try await Self.values("gaps", scene)
            #expect(gaps.contains { $0.contains("?presence&routingStatus\"") && $0.contains("\"to\":null") })
        }
    }

    @Test("tail says what is wrong with one, and prints the events of its parts where the server takes it")
    func tail() async throws {
        try await ChannelRunScene.with(wanted: Self.wanted, adjust: { $0.acceptsCombinedTopics = true }) { scene in
            let url = "http://127.0.0.1:\(scene.simulator.port)"
            func tail(_ topic: String) throws -> RunningProcess {
                try RunningProcess(
                    ["tail", "--protocol", "channels", "--login", url, "--api", url, "--client-id", "client"]
                        + ["--topic", topic, "--events", "100"],
                    environment: ["GENESYS_CLIENT_SECRET": ChannelRunScene.secret]
                )
            }
            let wrong = try tail("v2.users.{user}?presence&presense")
            #expect(try await wrong.ended() == 64)
            #expect(wrong.errors.contains("whose part 2 is not known here: did you mean presence?"), "\(wrong.errors)")
            let other = try tail("v2.users.{queue}?presence&routingStatus")
            #expect(try await other.ended() == 64)
            #expect(other.errors.contains("has {queue} as the id behind users: write {user} in"), "\(other.errors)")
            let right = try tail(Self.wanted.subscriptions[0])
            #expect(try await right.ended() == 0, "\(right.errors)")
            for leaf in ["presence", "routingStatus"] { #expect(right.output.contains(".\(leaf)\",\"version\"")) }
        }
    }
}
