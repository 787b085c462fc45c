import BridgeOperations
import Foundation
import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// The topics of a cluster, with real processes and a broker that answers for them.
@Suite("Topics on a cluster", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct TopicsTests {
    private static let names = ["genesys.acme.user.presence", "genesys.acme.dead-letters", "genesys.acme.gaps"]

    /// Runs `body` with the path of a configuration for the cluster at `bootstrapServers`.
    private func withConfiguration(
        _ bootstrapServers: String,
        _ more: String = "",
        tenant: String = "acme",
        _ body: (String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("topics-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("bridge.yaml").path
        let yaml = """
            kafka: { properties: { bootstrap.servers: "\(bootstrapServers)" } }
            delivery: { checkpoints: { directory: "\(folder.path)/checkpoints" } }
            admin: { listen: "off" }
            log: { format: text }
            \(more)
            tenants:
              - name: \(tenant)
                endpoints: { login: "http://127.0.0.1:1", streaming: "ws://127.0.0.1:1" }
                protocol: stream
                credentials: { clientId: id, clientSecret: "s3cr3t" }
                subscriptions:
                  - { event: user.presence, allowUnfiltered: true }
            """
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        try await body(path)
    }

    private func topics(_ path: String, _ arguments: String...) async throws -> (Int32, String) {
        let process = try RunningProcess(["topics", "--config", path, "--timeout", "20"] + arguments)
        let status = try await process.ended()
        return (status, process.output + process.errors)
    }

    @Test(
        "what is missing is shown, created as configured when asked for, and never changed afterwards (Records: topics)"
    )
    func apply() async throws {
        try await AdminBroker.with(autoCreation: "false") { broker in
            let settings = "records: { topics: { partitions: 6, retention: 48h } }"
            try await self.withConfiguration(broker.bootstrapServers, settings) { path in
                let before = try await self.topics(path)
                #expect(before.0 == 0 && before.1.contains("3 missing") && broker.topics.isEmpty, "\(before)")
                let created = try await self.topics(path, "--apply")
                #expect(created.0 == 0 && created.1.contains("3 created"), "\(created)")
                let properties = ["cleanup.policy": "delete", "retention.ms": "172800000"]
                let events = AdminBroker.Topic(partitions: 6, replicationFactor: -1, properties: properties)
                let notices = AdminBroker.Topic(partitions: 1, replicationFactor: -1, properties: properties)
                #expect(broker.topics == [Self.names[0]: events, Self.names[1]: notices, Self.names[2]: notices])
                let again = try await self.topics(path, "--apply", "--json")
                let report = try JSONDecoder().decode(TopicReport.self, from: Data(again.1.utf8))
                #expect(again.0 == 0 && report.topics.map(\.state) == [.exists, .exists, .exists])
                #expect(report.topics.flatMap(\.differences) == [])
            }
            let settings2 = "records: { topics: { partitions: 12, retention: 96h } }"
            try await self.withConfiguration(broker.bootstrapServers, settings2) { path in
                let (status, text) = try await self.topics(path, "--apply")
                #expect(status == 0 && text.contains("warning, and not changed: 6 partitions, not 12"), "\(text)")
                #expect(text.contains("kept for 48h, not 96h"))
                #expect(broker.topics[Self.names[0]]?.partitions == 6)
            }
        }
    }

    @Test("a compacted event topic is warned of, a topic that the cluster refuses ends with 69 and its words")
    func refused() async throws {
        let compacted = AdminBroker.Topic(partitions: 12, properties: ["cleanup.policy": "compact"])
        let refused = Set([Self.names[2]])
        try await AdminBroker.with([Self.names[0]: compacted], autoCreation: "false", refused: refused) { broker in
            try await self.withConfiguration(broker.bootstrapServers) { path in
                let (status, text) = try await self.topics(path, "--apply")
                #expect(status == 69 && text.contains("not on this cluster"), "\(text)")
                #expect(text.contains("compacted: all but the newest record of a key are lost"))
                #expect(Set(broker.topics.keys) == Set(Self.names.prefix(2)))
                #expect(broker.topics[Self.names[0]] == compacted)
            }
        }
    }

    @Test(
        "a start without a topic that nobody creates is an error that names it and the command; with all of them it is none (Producer: topics)"
    )
    func missingAtStart() async throws {
        let there = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, AdminBroker.Topic(partitions: 1)) })
        var fewer = there
        fewer[Self.names[1]] = nil
        try await AdminBroker.with(fewer, autoCreation: "false") { broker in
            try await self.withConfiguration(broker.bootstrapServers) { path in
                let bridge = try RunningProcess(["run", "--config", path])
                #expect(try await bridge.ended() == 69)
                let last = try #require(bridge.errors.split(separator: "\n").last)
                #expect(last.hasPrefix("the cluster has no topic genesys.acme.dead-letters, and creates no topics"))
                #expect(last.contains("genesys-kafka-bridge topics") && last.contains("--apply"))
            }
        }
        try await AdminBroker.with(there, autoCreation: "false") { broker in
            try await self.starts(broker.bootstrapServers, saying: "subscriptions assigned", not: "the cluster has no")
        }
    }

    @Test("a cluster that creates topics by itself, or does not say, does not keep a start from going on")
    func missingAndCreated() async throws {
        for (autoCreation, words) in [("true", "it creates what is missing"), (nil, "does not say whether it creates")]
        {
            try await AdminBroker.with(autoCreation: autoCreation) { broker in
                try await self.starts(broker.bootstrapServers, saying: words, not: "creates no topics by itself")
            }
        }
    }

    /// A bridge starts, says something, and runs on until it is told to stop.
    private func starts(_ bootstrapServers: String, saying words: String, not others: String) async throws {
        try await self.withConfiguration(bootstrapServers) { path in
            let bridge = try RunningProcess(["run", "--config", path])
            try await eventually("'\(words)' and the tenant's start") {
                #expect(bridge.isRunning, "\(bridge.errors)")
                return !bridge.isRunning || bridge.errors.contains(words) && bridge.errors.contains("tenant=acme")
            }
            #expect(!bridge.errors.contains(others))
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
        }
    }

    @Test("a cluster that cannot be reached at the start is waited for (Producer: broker away)")
    func unreachable() async throws {
        try await Scene.with(.init(rate: 500)) { scene in
            try scene.broker.send(line: "down all")
            _ = try await scene.broker.line(beginningWith: "OK down")
            let bridge = try scene.bridge()
            try await eventually("a bridge that gave the check up") { bridge.errors.contains("waiting for it") }
            try scene.broker.send(line: "up all")
            try await eventually("events") { await scene.delivered() > 100 }
            try await scene.everythingArrives()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
        }
    }

    @Test(
        "on real brokers topics are created as configured, and found as they should be (Records: topics)",
        .enabled(if: RealKafka.isGiven, "needs KAFKA_BOOTSTRAP_SERVERS")
    )
    func real() async throws {
        let tenant = "acme" + RealKafka.suffix()
        let names = ["user.presence", "dead-letters", "gaps"].map { "genesys.\(tenant).\($0)" }
        let settings = "records: { topics: { partitions: 6, retention: 48h } }"
        try await RealKafka.with([], removing: names) { servers in
            try await self.withConfiguration(servers, settings, tenant: tenant) { path in
                let before = try await self.topics(path)
                #expect(before.0 == 0 && before.1.contains("3 missing"), "\(before)")
                let created = try await self.topics(path, "--apply")
                #expect(created.0 == 0 && created.1.contains("3 created"), "\(created)")
                let again = try await self.topics(path, "--apply", "--json")
                let report = try JSONDecoder().decode(TopicReport.self, from: Data(again.1.utf8))
                #expect(again.0 == 0 && report.topics.map(\.state) == [.exists, .exists, .exists])
                #expect(report.topics.flatMap(\.differences) == [])
            }
            let (partitions, properties) = try await RealKafka.administer { admin in
                let metadata = try await admin.metadata(timeout: .seconds(20))
                let properties = try await admin.properties(of: .topic(names[0]), timeout: .seconds(20))
                return (names.map { metadata.topic($0)?.partitions.count }, properties)
            }
            #expect(partitions == [6, 1, 1])
            #expect(properties["retention.ms"] == "172800000" && properties["cleanup.policy"] == "delete")
            let other = "records: { topics: { partitions: 12, retention: 96h } }"
            try await self.withConfiguration(servers, other, tenant: tenant) { path in
                let (status, text) = try await self.topics(path, "--apply")
                #expect(status == 0 && text.contains("warning, and not changed: 6 partitions, not 12"), "\(text)")
                #expect(text.contains("kept for 48h, not 96h"))
            }
        }
    }

    @Test(
        "a topic that is deleted while a bridge runs is waited for, and nothing becomes a dead letter (Producer: topics)",
        .enabled(if: RealKafka.isGiven, "needs KAFKA_BOOTSTRAP_SERVERS")
    )
    func deleted() async throws {
        try await Scene.with(.init(rate: 500, onRealBrokers: true)) { scene in
            let bridge = try scene.bridge("deleted") {
                $0.replacingOccurrences(
                    of: "delivery:\n",
                    with: "delivery:\n  refusedBackoff: { base: 100ms, cap: 200ms }\n"
                )
            }
            try await eventually("events") { await scene.delivered() > 500 }
            let topic = "genesys.\(scene.tenants[0]).\(Scene.families[0])"
            try await RealKafka.administer { admin in
                _ = try await admin.deleteTopics([topic], timeout: .seconds(20))
            }
            try await eventually("a reason") { try await scene.health(bridge).reason?.contains("UNKNOWN") == true }
            try await RealKafka.administer { admin in
                let wanted = KafkaNewTopic(name: topic, partitionCount: 12)
                _ = try await admin.createTopics([wanted], timeout: .seconds(20))
            }
            let before = await scene.delivered()
            try await eventually("further events") { await scene.delivered() > before + 1_000 }
            #expect(await scene.audit.notices(scene.tenants[0]).deadLettered == 0)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }
}
