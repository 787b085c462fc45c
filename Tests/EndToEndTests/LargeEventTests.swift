import BridgeCore
import Foundation
import GenesysSimulator
import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// Events that are above Kafka's limit. Real brokers have one of their own; for the embedded one it is librdkafka that refuses.
@Suite("An event above Kafka's limit", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct LargeEventTests {
    private static let interval = 300
    private static let bytes = 60_000
    private static let limit = 20_000
    private static let gapless = "enable.gapless.guarantee: true"

    private static var settings: Scene.Settings {
        var settings = Scene.Settings(rate: 500, onRealBrokers: true)
        settings.simulatorArguments = [
            "--large-event-interval", "\(Self.interval)", "--large-event-bytes", "\(Self.bytes)",
        ]
        // The limit is one of compressed bytes, and these are all alike.
        settings.kafkaProperties = ["compression.type: none"]
        if RealKafka.isGiven {
            settings.topicProperties = ["max.message.bytes": "\(Self.limit)"]
        } else {
            settings.kafkaProperties.append("message.max.bytes: \(Self.limit)")
        }
        return settings
    }

    /// Runs a bridge until large events are dead letters, and everything is accounted for. Returns the dead letters.
    private func deadLetters(_ settings: Scene.Settings) async throws -> [KafkaConsumedRecord] {
        let found = Found()
        try await Scene.with(settings) { scene in
            // Each refusal costs a pause.
            let bridge = try scene.bridge("large") {
                $0.replacingOccurrences(
                    of: "delivery:\n",
                    with: "delivery:\n  refusedBackoff: { base: 50ms, cap: 100ms }\n"
                )
            }
            try await eventually("large events in the dead letters") {
                await scene.audit.notices(scene.tenants[0]).deadLettered >= 4
            }
            try await scene.everythingIsAccountedFor()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            let report = try await scene.report()
            let tenant = report.tenants[0]
            #expect(report.isClean && tenant.lost == 0, "\(report)")
            // Of real brokers' refusals librdkafka hears when it holds more: the one exception to the order, unless it is told otherwise.
            let keepsOrder = !RealKafka.isGiven || settings.kafkaProperties.contains(Self.gapless)
            #expect(tenant.outOfOrder == 0 || !keepsOrder, "\(report)")
            let snapshot = try await scene.snapshot().tenants[0]
            let large = (0..<snapshot.eventsOffered).filter { $0 % Self.interval == Self.interval - 1 }.count
            #expect(tenant.deadLettered == large && large >= 4, "\(report)")
            await found.keep(try await Self.read("genesys.\(scene.tenants[0]).dead-letters", of: scene))
        }
        return await found.records
    }

    private actor Found {
        private(set) var records: [KafkaConsumedRecord] = []

        func keep(_ records: [KafkaConsumedRecord]) { self.records = records }
    }

    private static func read(_ topic: String, of scene: Scene) async throws -> [KafkaConsumedRecord] {
        let consumer = try KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: scene.bootstrapServers),
            topics: [topic]
        )
        var records: [KafkaConsumedRecord] = []
        var ended: Set<Int32> = []
        while ended.count < 12 {
            let batch = try await consumer.next(max: 1_000, timeout: .seconds(1))
            records += batch.records
            for case .endOfPartition(let partition, _) in batch.events { ended.insert(partition.partition) }
        }
        await consumer.close()
        return records
    }

    private static func header(_ name: String, of record: KafkaConsumedRecord) -> String? {
        record.headers.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "goes to the dead letters with its size and digest; the others go on, in order (no-silent-loss, order-per-key)",
        arguments: [false, true]
    )
    func refused(isGapless: Bool) async throws {
        var settings = Self.settings
        if isGapless { settings.kafkaProperties.append(Self.gapless) }
        let records = try await self.deadLetters(settings)
        for record in records {
            let value = try #require(record.value)
            #expect(Self.header("full-size", of: record) == "\(Self.bytes)")
            #expect(
                Self.header("__connect.errors.exception.message", of: record)?.contains("MSG_SIZE_TOO_LARGE") == true
            )
            #expect(Self.header("sha256", of: record)?.count == 64)
            // The dead letters' own limit is the default here; the embedded broker's is the client's, less what stands beside a value.
            guard RealKafka.isGiven else {
                #expect(value.count == Self.limit - 8_192)
                continue
            }
            #expect(value.count == Self.bytes)
        }
    }

    @Test(
        "is cut to what the dead letters' topic takes (no-silent-loss)",
        .enabled(if: RealKafka.isGiven, "the embedded broker has no limit")
    )
    func cut() async throws {
        var settings = Self.settings
        settings.deadLetterProperties = settings.topicProperties
        for record in try await self.deadLetters(settings) {
            let count = try #require(record.value).count
            #expect(count < Self.limit && count >= Self.limit / 2, "\(count)")
            #expect(Self.header("full-size", of: record) == "\(Self.bytes)")
            #expect(Self.header("sha256", of: record)?.count == 64)
        }
    }
}
