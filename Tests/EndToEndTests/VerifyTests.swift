import BridgeCore
import Foundation
import RDKafka
import Synchronization
import Testing

@testable import genesys_kafka_bridge

/// The command that says what is in Kafka, against topics that a bridge has written, and against topics with something missing.
@Suite("Verifying the topics", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct VerifyTests {
    private func verify(_ path: String, _ arguments: String...) async throws -> (status: Int32, report: VerifyReport?) {
        let process = try RunningProcess(["verify", "--config", path, "--json"] + arguments)
        let status = try await process.ended()
        let report = try? JSONDecoder().decode(VerifyReport.self, from: Data(process.output.utf8))
        return (status, report)
    }

    @Test("after kills it counts what the simulator sent, finds nothing lost, and the repetitions (replay-or-acked)")
    func kills() async throws {
        try await Scene.with(.init(rate: 2_000, tenants: ["acme", "umbrella"], onRealBrokers: true)) { scene in
            let first = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            first.signal(SIGKILL)
            #expect(try await first.ended() == SIGKILL)
            // Or a kill might come when everything is committed.
            let second = try scene.bridge(["--crash-at", "\(CrashPoint.afterAcknowledgeBeforeCommit.rawValue):9"])
            #expect(try await second.ended() == SIGKILL)
            let bridge = try scene.bridge()
            try await scene.everythingArrives()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            let audited = try await scene.report()
            let (status, report) = try await self.verify(scene.configurationPath, "--keys")
            let tenants = try #require(report).tenants
            #expect(status == 0 && tenants.map(\.tenant) == scene.tenants)
            for (tenant, audit) in zip(tenants, audited.tenants) {
                #expect(tenant.lost == 0 && tenant.outOfOrder == 0 && tenant.expired == 0, "\(tenant)")
                #expect(tenant.delivered == audit.sent && tenant.duplicated == audit.duplicated, "\(tenant) \(audit)")
                #expect(tenant.keys?.reduce(0) { $0 + $1.delivered } == audit.sent)
            }
            #expect(tenants.contains { $0.duplicated > 0 }, "kills that repeat nothing would have hit nothing")
            let one = try await self.verify(scene.configurationPath, "--tenant", scene.tenants[1])
            #expect(one.status == 0 && one.report?.tenants.map(\.tenant) == [scene.tenants[1]])
            guard !scene.isOnRealBrokers else { return }
            try scene.broker.kill()
            let gone = try await self.verify(scene.configurationPath, "--timeout", "2")
            #expect(gone.status == 69 && gone.report == nil)
        }
    }

    @Test("a hole that nothing accounts for is lost: status 1, until a dead letter accounts for it (no-silent-loss)")
    func hole() async throws {
        let tenant = "acme" + (RealKafka.isGiven ? RealKafka.suffix() : "")
        let names = ["user.presence", "dead-letters", "gaps"].map { "genesys.\(tenant).\($0)" }
        guard RealKafka.isGiven else {
            let kafka = try EmbeddedKafka(brokerCount: 1)
            for name in names { try kafka.createTopic(name, partitionCount: 3) }
            try await self.hole(tenant, on: kafka.bootstrapServers)
            return await kafka.close()
        }
        try await RealKafka.with(names.map { KafkaNewTopic(name: $0, partitionCount: 3) }) { servers in
            try await self.hole(tenant, on: servers)
        }
    }

    private func hole(_ name: String, on bootstrapServers: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("verify-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("bridge.yaml").path
        let yaml = """
            kafka: { properties: { bootstrap.servers: "\(bootstrapServers)" } }
            tenants:
              - name: \(name)
                region: mypurecloud.com
                protocol: stream
                credentials: { clientId: id, clientSecret: "s3cr3t" }
                subscriptions: [{ event: user.presence, allowUnfiltered: true }]
            """
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        let producer = try KafkaProducer(
            configuration: .idempotentProducer(bootstrapServers: bootstrapServers),
            onFatal: { _ in },
            onError: { _ in }
        )
        for number in (10..<90) where number != 77 {
            for key in ["k1", "k2"] where key == "k1" || number != 40 {
                try await self.produce(number, key: key, to: "genesys.\(name).user.presence", producer)
            }
        }
        let (status, report) = try await self.verify(path, "--keys")
        let tenant = try #require(report?.tenants.first)
        #expect(status == 1 && tenant.lost == 3 && tenant.firstLost == "k1 number 77", "\(tenant)")
        #expect(tenant.delivered == 157 && tenant.duplicated == 0 && tenant.missingTopics == [])
        #expect(tenant.keys?.map(\.lost) == [1, 2])

        for (key, number) in [("k1", 77), ("k2", 77), ("k2", 40)] {
            try await self.produce(number, key: key, to: "genesys.\(name).dead-letters", producer)
        }
        let mended = try await self.verify(path)
        #expect(mended.status == 0 && mended.report?.tenants.first?.deadLetters == ["unknown": 3])

        for number in [1, 5] {
            try await self.produce(number, key: "k4", to: "genesys.\(name).user.presence", producer)
        }
        let gap = #"{"subscriptions":["user.presence"],"from":"acme.2.x","to":"acme.5.x","cause":"position-lost"}"#
        try await self.produce(gap, key: name, to: "genesys.\(name).gaps", producer)
        let excused = try await self.verify(path)
        #expect(excused.status == 0 && excused.report?.tenants.first?.insideGaps == 3, "gap records are read first")
        #expect(excused.report?.tenants.first?.gaps == ["position-lost": 1])

        try await self.produce(41, key: "k3", to: "genesys.\(name).user.presence", producer)
        try await self.produce(40, key: "k3", to: "genesys.\(name).user.presence", producer)
        let swapped = try await self.verify(path)
        #expect(swapped.status == 1 && swapped.report?.tenants.first?.outOfOrder == 1)
        await producer.close(flushTimeout: .seconds(1))
    }

    private final class Sink: KafkaDeliverySink {
        let persisted = Mutex(0)

        func batchCompleted(_ report: KafkaBatchReport) {
            if report.status == .persisted { self.persisted.withLock { $0 += 1 } }
        }
    }

    /// Writes one event as the simulator would, and waits for the broker.
    private func produce(_ number: Int, key: String, to topic: String, _ producer: KafkaProducer) async throws {
        let value = #"{"eventBody":{"id":"\#(key)","sequence":\#(number),"keySequence":\#(number),"notes":""}}"#
        try await self.produce(value, key: key, to: topic, producer)
    }

    private func produce(_ value: String, key: String, to topic: String, _ producer: KafkaProducer) async throws {
        let bytes = Array((key + value).utf8)
        let sink = Sink()
        let id = try producer.topic(topic)
        let batch = try producer.beginBatch(tag: 0, recordCount: 1, bytes: KafkaBytes(bytes), sink: sink)
        let result = producer.produce(batch) { _ in
            KafkaRecordDescriptor(
                topic: id,
                key: KafkaByteRange(offset: 0, count: UInt32(key.utf8.count)),
                value: KafkaByteRange(offset: UInt32(key.utf8.count), count: UInt32(value.utf8.count)),
                timestampMilliseconds: 0,
                headers: .none
            )
        }
        #expect(result == .complete)
        #expect(await producer.flush(timeout: .seconds(20)) == 0)
        #expect(sink.persisted.withLock { $0 } == 1)
    }
}
