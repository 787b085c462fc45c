import BridgeCore
import BridgeOperations
import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// What rules hide is nowhere: in no record of any topic, its key, value and headers, and in no log line or answer; over real sockets.
@Suite("What is hidden", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct PrivacyTests {
    private static let key = "a-key-that-nobody-can-guess"
    private static let secret = "a-secret-nobody-may-see"

    /// Every record of the topics, each with this many partitions.
    private static func records(of topics: [String], partitions: Int, _ scene: Scene) async throws
        -> [KafkaConsumedRecord]
    {
        try await Self.records(of: topics, partitions: partitions, bootstrapServers: scene.bootstrapServers)
    }

    private static func records(
        of topics: [String],
        partitions: Int,
        bootstrapServers: String
    ) async throws -> [KafkaConsumedRecord] {
        let consumer = try KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: bootstrapServers),
            topics: topics
        )
        var records: [KafkaConsumedRecord] = []
        var ended: Set<KafkaPartition> = []
        try await eventually("the ends of \(topics)") {
            let batch = try await consumer.next(max: 10_000, timeout: .milliseconds(100))
            records += batch.records
            for case .endOfPartition(let partition, _) in batch.events { ended.insert(partition) }
            return ended.count == topics.count * partitions
        }
        await consumer.close()
        return records
    }

    private static func header(_ name: String, of record: KafkaConsumedRecord) -> String? {
        record.headers.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isHash(_ text: String?) -> Bool {
        text?.count == 32 && text?.allSatisfy { $0.isHexDigit && !$0.isUppercase } == true
    }

    /// Fails where `text` has something that is hidden.
    private static func check(_ text: String, hides plain: [String], _ what: String) {
        for plain in plain where text.contains(plain) { Issue.record("\(what) shows \(plain): \(text.prefix(2000))") }
    }

    private static func check(_ record: KafkaConsumedRecord, hides plain: [String]) {
        let what = "\(record.topic) at \(record.partition)/\(record.offset)"
        Self.check(String(decoding: record.key ?? [], as: UTF8.self), hides: plain, "the key of \(what)")
        Self.check(String(decoding: record.value ?? [], as: UTF8.self), hides: plain, "the value of \(what)")
        for header in record.headers {
            let text = String(decoding: header.value ?? [], as: UTF8.self)
            Self.check(text, hides: plain, "\(header.name) of \(what)")
        }
    }

    // MARK: Stream

    /// Rules for every family: of a body the name goes, the id and the path are hashed.
    private static let rules = """
        privacy:
          hashKey: "\(key)"
          rules:
            - family: "*"
              resourceId: hash
              drop: [/eventBody/name, "/eventBody/flags/*"]
              hash: [/eventBody/id]
            - { family: user.presence, hash: [/eventBody/path] }

        """

    private static let topics =
        Scene.families.map { "genesys.acme.\($0)" } + ["genesys.acme.dead-letters", "genesys.acme.gaps"]

    private static var settings: Scene.Settings {
        var settings = Scene.Settings(rate: 500, checkpointsInKafka: true, logLevel: "trace")
        settings.simulatorArguments = ["--large-event-interval", "1500", "--large-event-bytes", "60000"]
        settings.kafkaProperties = ["compression.type: none", "message.max.bytes: 20000"]
        return settings
    }

    @Test("is in no record of any topic, in no log line and in no answer, whatever goes wrong (S1.6, S2.7, S2.8)")
    func stream() async throws {
        let plain =
            SimulatedResource.generated(count: 30).map(\.resourceId) + ["Zürich", "日本", "Süd", #"false,null,{}"#]
        try await Scene.with(Self.settings) { scene in
            let bridge = try scene.bridge("privacy") { text in
                text.replacingOccurrences(
                    of: "delivery:\n",
                    with: "\(Self.rules)delivery:\n  refusedBackoff: { base: 50ms, cap: 100ms }\n"
                )
            }
            // Before the first large event: a refused one moves the stream back, and the message would come once more whole.
            try await scene.inject(#"{"fault":"poison"}"#)
            try await eventually("a message that is skipped") {
                try await scene.health(bridge).counters.deadLetteredMessages == 1
            }
            for fault in ["eventWithoutName", "unsubscribedEvent", "eventWithoutIdentifier"] {
                try await scene.inject("{\"fault\":\"\(fault)\"}")
                try await eventually("the fault") { try await scene.snapshot().faultsFired[fault] == 1 }
            }
            try await scene.inject(#"{"fault":"tokenExpired"}"#)
            try await eventually("dead letters of every kind") {
                let records = try await Self.records(of: ["genesys.acme.dead-letters"], partitions: 12, scene)
                return Set(Self.kinds(records).keys) == Self.everyKind
            }
            let fired = try await scene.snapshot().faultsFired
            #expect(fired["poison"] == 1 && fired["tokenExpired"] == 1, "\(fired)")
            for path in ["/status", "/health/ready", "/metrics"] {
                Self.check(try await scene.ask(bridge, path).body, hides: plain + [Self.key], "GET \(path)")
            }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            #expect(bridge.errors.contains(" DEBUG "), "the finest level is really on")
            Self.check(bridge.errors + bridge.output, hides: plain + [Self.key], "the log")

            let found = try await Self.records(of: Self.topics, partitions: 12, scene)
            let checkpoints = try await Self.records(of: [scene.checkpointTopic], partitions: 1, scene)
            #expect(checkpoints.count > 2)
            for record in found + checkpoints { Self.check(record, hides: plain + [Self.key]) }
            try Self.checkEvents(
                found.filter { Scene.families.contains(String($0.topic.dropFirst("genesys.acme.".count))) }
            )
            try Self.checkDeadLetters(found.filter { $0.topic == "genesys.acme.dead-letters" })
        }
    }

    /// Keys, subjects and ids in bodies are the same hashes.
    private static func checkEvents(_ records: [KafkaConsumedRecord]) throws {
        var keys: Set<String> = []
        var paths: Set<String> = []
        for record in records {
            let value = try #require(
                try JSONSerialization.jsonObject(with: Data(record.value ?? [])) as? [String: Any],
                "what is left is JSON"
            )
            let body = try #require(value["eventBody"] as? [String: Any])
            let key = record.key.map { String(decoding: $0, as: UTF8.self) }
            #expect(Self.isHash(key) && value["resourceId"] as? String == key && body["id"] as? String == key)
            #expect(Self.header("ce_subject", of: record) == key)
            #expect(body["name"] == nil && (body["flags"] as? [NSNull])?.count == 4 && body["sequence"] != nil)
            if record.topic.hasSuffix("user.presence") {
                paths.insert(try #require(body["path"] as? String))
            } else {
                #expect(body["path"] as? String == "a/b\\c\té😀", "no rule is for it")
            }
            keys.insert(key ?? "")
        }
        #expect(keys.count == 30, "each resource has its own")
        #expect(paths.count == 1 && Self.isHash(paths.first))
    }

    private static let everyKind: Set<String> = [
        "MissingEventName", "UnsubscribedEvent", "UnreadableMessage", "RefusedByKafka",
    ]

    private static func kinds(_ deadLetters: [KafkaConsumedRecord]) -> [String: [KafkaConsumedRecord]] {
        Dictionary(grouping: deadLetters) { Self.header("__connect.errors.exception.class.name", of: $0) ?? "" }
    }

    private static func checkDeadLetters(_ records: [KafkaConsumedRecord]) throws {
        let kinds = Self.kinds(records)
        #expect(Set(kinds.keys) == Self.everyKind)
        let unreadable = try #require(kinds["UnreadableMessage"]?.first)
        #expect(unreadable.value == [], "there, and empty: a null would be a tombstone")
        #expect(Self.isHash(Self.header("sha256", of: unreadable)))
        #expect(Int(Self.header("full-size", of: unreadable) ?? "") ?? 0 > 100)
        for record in records where record.value != [] {
            #expect(Self.isHash(record.key.map { String(decoding: $0, as: UTF8.self) }))
        }
    }

    @Test("of one resource, goes where its subscription says, and what is left out is named by its hash (S5.3, S5.5)")
    func resources() async throws {
        let resource = try #require(SimulatedResource.generated(count: 30).first { $0.event == "user.presence" })
            .resourceId
        let nowhere = "nowhere-0815"
        try await Scene.with(.init(rate: 500, logLevel: "trace")) { scene in
            try await scene.order("preflight", #"{"mode":"missing"}"#)
            let bridge = try scene.bridge("resources") { text in
                text.replacingOccurrences(of: "delivery:\n", with: "\(Self.rules)delivery:\n").replacingOccurrences(
                    of: "    subscriptions:\n",
                    with: """
                            subscriptions:
                              - { event: user.presence, resourceId: "\(resource)", records: { topic: shared.acme } }
                              - { event: routing.queueEvents, resourceId: \(nowhere) }

                        """
                )
            }
            var label = ""
            try await eventually("the one that is left out is named") {
                let reason = try await scene.health(bridge).reason ?? ""
                label = reason.components(separatedBy: "left out: ").last?.components(separatedBy: ": ").first ?? ""
                return label.hasPrefix("routing.queueEvents:")
            }
            #expect(Self.isHash(label.components(separatedBy: ":").last), "\(label)")
            try await eventually("events of the resource, and others") { await scene.delivered() >= 200 }
            try await eventually("the gap") { await scene.audit.notices("acme").gaps >= 2 }
            Self.check(try await scene.ask(bridge, "/status").body, hides: [resource, nowhere], "GET /status")
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            Self.check(bridge.errors + bridge.output, hides: [resource, nowhere], "the log")
            #expect(bridge.errors.contains("a subscription is left out"))

            let gaps = try await Self.records(of: ["genesys.acme.gaps"], partitions: 12, scene)
            #expect(gaps.contains { String(decoding: $0.value ?? [], as: UTF8.self).contains("\"\(label)\"") })
            let events = try await Self.records(of: Self.topics, partitions: 12, scene)
            for record in gaps + events { Self.check(record, hides: [resource, nowhere]) }
            let consumer = try KafkaConsumer(
                configuration: .auditConsumer(bootstrapServers: scene.bootstrapServers),
                topics: ["shared.acme"]
            )
            var own: [KafkaConsumedRecord] = []
            try await eventually("the resource's own topic") {
                own += try await consumer.next(max: 1000, timeout: .milliseconds(100)).records
                return !own.isEmpty
            }
            await consumer.close()
            let key = try #require(own[0].key)
            #expect(Self.isHash(String(decoding: key, as: UTF8.self)) && own.allSatisfy { $0.key == key })
            #expect(!events.contains { $0.key == key && $0.topic == "genesys.acme.user.presence" })
            for record in own { Self.check(record, hides: [resource]) }
        }
    }

    // MARK: Channels

    private static let channelRules = """
        hashKey: ${env:PRIVACY_KEY}
        rules:
          - family: users.*
            resourceId: hash
            drop: [/eventBody/presenceDefinition/systemPresence, /metadata]
          - family: routing.queues.conversations
            resourceId: hash
            drop: [/eventBody/participants/*/calls/*/self]
            hash: [/eventBody/participants/*/queueId, /eventBody/participants/*/name, /eventBody/divisions/*/entities/*/id]
        """

    private func withOrganization(_ body: (GenesysSimulator, _ folder: URL) async throws -> Void) async throws {
        var configuration = SimulatorConfiguration(
            tenants: [SimulatedTenant(name: "acme", clientId: "client", clientSecret: Self.secret)]
        )
        configuration.channels.heartbeatIntervalMilliseconds = 300
        configuration.channels.eventsPerSecondDefault = 5
        let simulator = try await GenesysSimulator.start(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        )
        let folder = try TestFolder.make("privacy")
        do {
            try await body(simulator, folder)
        } catch {
            await simulator.shutdown()
            throw error
        }
        await simulator.shutdown()
        try FileManager.default.removeItem(at: folder)
    }

    @Test(
        "is in nothing that tail prints of channels, nor in its log, and the ids of topics are hashed everywhere (C3)"
    )
    func channels() async throws {
        try await self.withOrganization { simulator, folder in
            let file = folder.appendingPathComponent("privacy.yaml")
            try Self.channelRules.write(to: file, atomically: true, encoding: .utf8)
            let url = "http://127.0.0.1:\(simulator.port)"
            let refused = "0badc0de-0000-4000-8000-000000000001"
            let tail = try RunningProcess(
                ["tail", "--protocol", "channels", "--login", url, "--api", url, "--client-id", "client"]
                    + ["--topic", "v2.users.{user}.presence", "--topic", "v2.routing.queues.{queue}.conversations"]
                    + ["--topic", "v2.users.\(refused).nothing", "--privacy", file.path],
                environment: ["GENESYS_CLIENT_SECRET": Self.secret, "PRIVACY_KEY": Self.key]
            )
            var topics: [String] = []
            try await eventually("an event of each topic, and a gap") {
                topics = try await simulator.channelsSnapshot(tenant: "acme").topics.map(\.topic)
                let lines = tail.output.split(separator: "\n")
                return topics.count > 10 && lines.count { $0.contains("conversations\"") } > 50
                    && lines.count { $0.contains("presence\"") } > 50 && tail.errors.contains("does not bring a topic")
            }
            tail.signal(SIGTERM)
            #expect(try await tail.ended() == 0)
            let plain =
                topics.flatMap { $0.split(separator: ".").map(String.init).filter { $0.count == 36 } }
                + ["Zürich", "日本", "Acme Support", "systemPresence", "CorrelationId", refused]
            #expect(plain.count > 10)
            // The rest of a line that is being written when the process ends.
            Self.check(tail.output, hides: plain.filter { $0 != "CorrelationId" } + [Self.key], "the output")
            Self.check(tail.errors, hides: plain + [Self.key, Self.secret], "the log")
            for line in tail.output.split(separator: "\n").dropLast() {
                let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                let topic = try #require(event["topicName"] as? String).components(separatedBy: ".")
                let id = topic[topic.count - 2]
                #expect(Self.isHash(id), "\(topic)")
                guard topic.last == "conversations" else {
                    #expect(event["metadata"] == nil)
                    continue
                }
                let body = try #require(event["eventBody"] as? [String: Any])
                let participants = try #require(body["participants"] as? [[String: Any]])
                #expect(
                    participants.allSatisfy { $0["queueId"] as? String == id && Self.isHash($0["name"] as? String) }
                )
            }
            #expect(tail.errors.contains("topic=v2.users."))
        }
    }

    @Test("is what the file of rules says, or there is no start")
    func broken() async throws {
        let folder = try TestFolder.make("privacy")
        let file = folder.appendingPathComponent("privacy.yaml")
        try "rules: [ { family: users.station, drop: [/a] } ]".write(to: file, atomically: true, encoding: .utf8)
        let tail = try RunningProcess(
            ["tail", "--protocol", "channels", "--region", "mypurecloud.com", "--client-id", "client"]
                + ["--topic", "v2.users.{user}.presence", "--privacy", file.path],
            environment: ["GENESYS_CLIENT_SECRET": Self.secret]
        )
        #expect(try await tail.ended() == 78)
        #expect(tail.errors.contains("no subscription brings events of users.station"), "\(tail.errors)")
        try FileManager.default.removeItem(at: folder)
    }

    // MARK: Channels into Kafka

    @Test(
        "is in no record, no spool, no log line and no answer of channels either: ids are hashed wherever they are named (C2)"
    )
    func spooled() async throws {
        try await ChannelRunScene.with { scene in
            let rules = """
                privacy:
                  hashKey: "\(Self.key)"
                  rules:
                    - { family: "*", resourceId: hash }
                    - { family: routing.queues.conversations, drop: [/eventBody] }
                """
            let bridge = try scene.bridge(rules)
            func written(_ kind: String) async throws -> [KafkaConsumedRecord] {
                let topic = "genesys.\(ChannelRunScene.tenant).\(kind)"
                return try await Self.records(of: [topic], partitions: 4, bootstrapServers: scene.bootstrapServers)
            }
            try await eventually("an event") { try await !written("users.presence").isEmpty }
            try await scene.simulator.inject(.malformedMessage)
            try await scene.simulator.inject(.subscriptionRejected(topic: nil, count: 1))
            try await scene.simulator.inject(.channelDeleted)
            try await eventually("what cannot be read, and gaps") {
                let (deadLetters, gaps) = (try await written("dead-letters"), try await written("gaps"))
                return deadLetters.count == 1 && gaps.count >= 3
            }
            // What Kafka does not take stays in the spool.
            try await scene.broker.freeze()
            let folder = scene.spoolDirectory + "/\(ChannelRunScene.tenant)/0"
            var spooled = Data()
            try await eventually("a spool that holds something") {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                spooled = names.reduce(into: Data()) {
                    $0 += FileManager.default.contents(atPath: "\(folder)/\($1)") ?? Data()
                }
                return spooled.count > 100_000
            }
            scene.broker.signal(SIGCONT)
            try await scene.stop(bridge)
            let names = try await scene.snapshot.topics.map(\.topic)
            let plain = names.flatMap { $0.components(separatedBy: ".") }.filter { $0.count > 30 }
            #expect(plain.count > 10)
            Self.check(String(decoding: spooled, as: UTF8.self), hides: plain, "the spool")
            Self.check(bridge.errors + bridge.output, hides: plain + [Self.key], "the log")
            for kind in scene.wanted.families + ["dead-letters", "gaps"] {
                let records = try await written(kind)
                #expect(!records.isEmpty, "\(kind)")
                for record in records { Self.check(record, hides: plain) }
                if scene.wanted.families.contains(kind) {
                    #expect(records.allSatisfy { Self.isHash(Self.header("ce_subject", of: $0)) })
                }
            }
        }
    }
}
