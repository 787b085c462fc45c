import BridgeOperations
import Foundation
import GenesysSimulator
import RDKafka
import Synchronization
import Testing

@testable import genesys_kafka_bridge

/// The bridge with its checkpoints in Kafka, as real processes.
@Suite("A bridge with its checkpoints in Kafka", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct KafkaCheckpointTests {
    @Test("loses nothing and resumes where it had committed, killed again and again (replay-or-acked, order-per-key)")
    func killed() async throws {
        try await Scene.with(.init(rate: 3_000, seed: 11, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            let duplicates = try await scene.killedLives(6, thirdEndsAt: "afterAcknowledgeBeforeCommit:9")
            let last = try scene.bridge()
            let report = try await scene.conclude(last)
            #expect(report.unreadable == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "order-per-key")
            #expect(report.tenants[0].duplicated > 0, "kills that repeat nothing would have hit nothing")
            // What is in flight, waits for a commit, or is acknowledged while one is written.
            let settings = scene.settings
            let window = (settings.inFlightBatches + 3 * settings.commitBatches) * settings.maxBatchSize
            #expect(duplicates.count { $0 <= window } > duplicates.count / 2, "\(duplicates)")
        }
    }

    @Test("a second instance takes the tenant over; the first parks, says who has it, and stops well (one-owner)")
    func takenOver() async throws {
        try await Scene.with(.init(rate: 1_000, seed: 12, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            try await scene.takenOver()
        }
    }

    @Test("a topic that is missing where none can be created ends the start with 69 and the command to create it")
    func missing() async throws {
        try await Scene.with(.init(rate: 100)) { scene in
            let bridge = try scene.bridge("kafka") {
                $0.replacingOccurrences(of: "directory: \"\(scene.checkpointDirectory)\"", with: "store: kafkaTopic")
            }
            #expect(try await bridge.ended() == 69)
            #expect(bridge.errors.contains("'genesys-bridge.checkpoints' does not exist"), "\(bridge.errors)")
            #expect(bridge.errors.contains("kafka-topics.sh"), "\(bridge.errors)")
        }
    }

    @Test(
        "a record that cannot be used parks its tenant with the reason, reads nothing, and gives way to a person's decision",
        arguments: [
            ("0", "garbage", "is not the JSON of a checkpoint"),
            ("0", #"{"version":2,"position":"p"}"#, "has version 2"),
            (
                "0",
                #"{"version":1,"position":"p","positionKind":"channels","committedAt":"t","instance":"i","epoch":1}"#,
                "has a position of another dialect (\"channels\")"
            ),
            ("owner", #"{"version":9}"#, "has version 9"), ("plan", "[]", "is not the JSON of a checkpoint"),
        ]
    )
    func unusable(key: String, value: String, reason: String) async throws {
        try await Scene.with(.init(rate: 200, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            let stream = "\(scene.tenants[0])/0"
            let config = ["--config", scene.configurationPath]
            // Makes the topic where the brokers are real, and gives the stream a position.
            let set = try await Self.checkpoints(["set", stream, "--position", "p-1"] + config)
            #expect(set.status == 0, "\(set)")
            try await Self.write("\(scene.tenants[0])/\(key)", value, to: scene)
            let bridge = try scene.bridge()
            try await eventually("a parked tenant") { try await scene.health(bridge).state == "parked" }
            let words = try await scene.health(bridge).reason ?? ""
            #expect(words.contains("'\(scene.tenants[0])/\(key)'") && words.contains(reason), "\(words)")
            #expect(words.contains(scene.checkpointTopic) && words.contains("checkpoints` ("), "\(words)")
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            #expect(try await scene.snapshot().tenants[0].upgradesAccepted == 0, "never a start from nothing")
            let list = try await Self.checkpoints(["list"] + config)
            #expect(list.status == 0 && list.output.contains("cannot be used: '\(scene.tenants[0])/\(key)'"), "\(list)")
            #expect(try await Self.checkpoints(["export"] + config).status == 69)
            // A plan is written by import alone.
            guard key != "plan" else { return }
            if key == "owner" {
                let refused = try await Self.checkpoints(["reset", stream] + config)
                #expect(refused.status == 69 && refused.errors.contains("--force"), "\(refused)")
            }
            let reset = try await Self.checkpoints(["reset", stream, "--force"] + config)
            #expect(reset.status == 0, "\(reset)")
            let next = try scene.bridge()
            try await eventually("events") { await scene.delivered() > 100 }
            next.signal(SIGTERM)
            #expect(try await next.ended() == 0, "\(next.errors.suffix(1000))")
        }
    }

    @Test("a topic that is not compacted ends the start with 69 and the command to change it; nothing is changed")
    func notCompacted() async throws {
        let names = Scene.families.map { "genesys.acme.\($0)" } + ["genesys.acme.dead-letters", "genesys.acme.gaps"]
        var topics = Dictionary(uniqueKeysWithValues: names.map { ($0, AdminBroker.Topic(partitions: 1)) })
        let properties = ["cleanup.policy": "delete"]
        topics["genesys-bridge.checkpoints"] = AdminBroker.Topic(partitions: 1, properties: properties)
        try await AdminBroker.with(topics, autoCreation: "false") { broker in
            try await Self.withConfiguration(broker) { path in
                for arguments in [
                    ["run"], ["checkpoints", "list"], ["checkpoints", "set", "acme/0", "--position", "p"],
                ] {
                    let process = try RunningProcess(arguments + ["--config", path])
                    #expect(try await process.ended() == 69, "\(arguments): \(process.errors)")
                    for words in ["cleanup.policy=delete", "kafka-configs.sh", "genesys-bridge.checkpoints"] {
                        #expect(process.errors.contains(words), "\(arguments): \(process.errors)")
                    }
                }
            }
        }
    }

    @Test("whoever only looks at checkpoints whose topic is missing is told so, and creates nothing")
    func lookedAt() async throws {
        try await AdminBroker.with(autoCreation: "false") { broker in
            try await Self.withConfiguration(broker) { path in
                let list = try await Self.checkpoints(["list", "--config", path])
                let words = "the cluster has no topic 'genesys-bridge.checkpoints'"
                #expect(list.status == 0 && list.output.contains("there are no checkpoints: \(words)"), "\(list)")
                for arguments in [["show", "acme/0"], ["export"]] {
                    let looked = try await Self.checkpoints(arguments + ["--config", path])
                    #expect(looked.status == 69 && looked.output.isEmpty && looked.errors.contains(words), "\(looked)")
                }
                #expect(broker.topics.isEmpty, "\(broker.topics)")
            }
        }
    }

    // MARK: What the tests do by hand

    private static func checkpoints(_ arguments: [String]) async throws -> (
        status: Int32, output: String, errors: String
    ) {
        let process = try RunningProcess(["checkpoints"] + arguments)
        let status = try await process.ended()
        return (status, process.output, process.errors)
    }

    /// Runs `body` with the path of a configuration that keeps its checkpoints in `broker`.
    private static func withConfiguration(_ broker: AdminBroker, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("kept-\(UUID().uuidString).yaml").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let yaml = """
            kafka: { properties: { bootstrap.servers: "\(broker.bootstrapServers)" } }
            delivery: { checkpoints: { store: kafkaTopic } }
            admin: { listen: "off" }
            tenants:
              - name: acme
                endpoints: { login: "http://127.0.0.1:1", streaming: "ws://127.0.0.1:1" }
                protocol: stream
                credentials: { clientId: id, clientSecret: "s3cr3t" }
                subscriptions: [{ event: user.presence, allowUnfiltered: true }]
            """
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        try await body(path)
    }

    private final class Sink: KafkaDeliverySink {
        let persisted = Mutex(0)

        func batchCompleted(_ report: KafkaBatchReport) { self.persisted.withLock { $0 += report.persistedCount } }
    }

    /// Writes a record to the checkpoint topic as anybody could.
    private static func write(_ key: String, _ value: String, to scene: Scene) async throws {
        let producer = try KafkaProducer(
            configuration: .idempotentProducer(bootstrapServers: scene.bootstrapServers),
            onFatal: { _ in },
            onError: { _ in }
        )
        let sink = Sink()
        let (topic, keyCount) = (try producer.topic(scene.checkpointTopic), UInt32(key.utf8.count))
        let bytes = KafkaBytes(Array((key + value).utf8))
        let batch = try producer.beginBatch(tag: 0, recordCount: 1, bytes: bytes, sink: sink)
        let result = producer.produce(batch) { _ in
            KafkaRecordDescriptor(
                topic: topic,
                key: KafkaByteRange(offset: 0, count: keyCount),
                value: KafkaByteRange(offset: keyCount, count: UInt32(value.utf8.count))
            )
        }
        #expect(result == .complete)
        await producer.close(flushTimeout: .seconds(20))
        #expect(sink.persisted.withLock { $0 } == 1)
    }
}
