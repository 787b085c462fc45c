import BridgeOperations
import Foundation
import GenesysSimulator
import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// Subscriptions with records of their own, over real processes.
@Suite("Routing", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct RoutingTests {
    /// What is in a topic, by the event's name in the value.
    private struct Found {
        var keys: [String: Set<String>] = [:]
        var resources: [String: Set<String>] = [:]
        var headerCounts: [String: Set<Int>] = [:]
        var types: Set<String> = []
        /// Records of queue events whose key is the number in their value.
        var numbered = 0
        var count = 0

        mutating func take(_ record: KafkaConsumedRecord) throws {
            let value = try JSONSerialization.jsonObject(with: Data(record.value ?? [])) as? [String: Any]
            let name = try #require(value?["event"] as? String)
            let key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? "null"
            self.keys[name, default: []].insert(key)
            self.resources[name, default: []].insert(value?["resourceId"] as? String ?? "none")
            self.headerCounts[name, default: []].insert(record.headers.count)
            let body = value?["eventBody"] as? [String: Any]
            if name == "routing.queueEvents", (body?["sequence"] as? Int).map(String.init) == key { self.numbered += 1 }
            if let type = record.headers.first(where: { $0.name == "ce_type" })?.value {
                self.types.insert(String(decoding: type, as: UTF8.self))
            }
            self.count += 1
        }
    }

    private func read(_ topic: String, count: Int, _ scene: Scene) async throws -> Found {
        let consumer = try RDKafka.KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: scene.bootstrapServers),
            topics: [topic]
        )
        var found = Found()
        try await eventually("\(count) records of \(topic)") {
            for record in try await consumer.next(max: 10_000, timeout: .milliseconds(100)).records {
                try found.take(record)
            }
            return found.count >= count
        }
        await consumer.close()
        return found
    }

    @Test(
        "each event is where its subscription says, with that key and those headers, and verify knows (Records: topic, key)"
    )
    func overrides() async throws {
        try await Scene.with(.init(rate: 500)) { scene in
            let resources = SimulatedResource.generated(count: 30)
            let resource = try #require(resources.first { $0.event == "user.presence" }).resourceId
            let edit = { (text: String) in
                text.replacingOccurrences(
                    of: "      - { event: routing.queueEvents, allowUnfiltered: true }",
                    with: """
                              - event: routing.queueEvents
                                allowUnfiltered: true
                                records: { topic: "shared.{tenant}", key: /eventBody/sequence, headers: none }
                              - { event: user.presence, resourceId: "\(resource)", records: { topic: shared.acme } }
                        """
                ).replacingOccurrences(
                    of: "      - { event: user.presence, allowUnfiltered: true }",
                    with: "      - { event: user.presence, allowUnfiltered: true, records: { key: /eventBody/path } }"
                ).replacingOccurrences(
                    of: "      - { event: conversation.calls, allowUnfiltered: true }",
                    with:
                        "      - { event: conversation.calls, allowUnfiltered: true, records: { key: /eventBody/absent } }"
                )
            }
            let bridge = try scene.bridge("routing", editing: edit)
            try await eventually("events whose key falls back are counted") {
                try await scene.health(bridge).counters.eventsWithFallbackKey >= 100
            }
            try await scene.order("stop")
            try await eventually("everything is acknowledged") {
                let (sent, counters) = (try await scene.snapshot().tenants[0], try await scene.health(bridge).counters)
                return sent.eventsOffered == sent.eventsProduced && counters.events == UInt64(sent.eventsOffered)
                    && counters.acknowledgedEvents == counters.events
            }
            let events = Int(try await scene.health(bridge).counters.events)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            let path = scene.folder.appendingPathComponent("routing.yaml").path
            let verify = try RunningProcess(["verify", "--config", path, "--json"])
            #expect(try await verify.ended() == 0, "\(verify.output) \(verify.errors.suffix(1000))")
            let tenant = try #require(
                try JSONDecoder().decode(VerifyReport.self, from: Data(verify.output.utf8)).tenants.first
            )
            #expect(tenant.delivered == events && tenant.missingTopics == [] && tenant.isClean, "\(tenant)")

            let presence = try await self.read("genesys.acme.user.presence", count: 1, scene)
            #expect(presence.resources["user.presence"]?.contains(resource) == false)
            #expect(presence.keys["user.presence"] == ["a/b\\c\té😀"], "decoded: it is full of escapes in the event")
            let shared = try await self.read("shared.acme", count: events / 4, scene)
            #expect(shared.resources["user.presence"] == [resource] && shared.keys["user.presence"] == [resource])
            #expect(shared.headerCounts == ["routing.queueEvents": [0], "user.presence": [7]])
            #expect(shared.types == ["com.genesys.user.presence"])
            let numbers = try #require(shared.keys["routing.queueEvents"])
            #expect(numbers.count > 50 && numbers.count == shared.numbered, "each has its own number for a key")
            let calls = try await self.read("genesys.acme.conversation.calls", count: 50, scene)
            #expect(calls.keys["conversation.calls"] == calls.resources["conversation.calls"])
        }
    }
}
