import BridgeCore
import BridgeRuntime
import KafkaDelivery
import RDKafka
import Testing

@testable import genesys_kafka_bridge

@Suite("Settings of exactly-once delivery")
struct ExactlyOnceSettingsTests {
    private func head(_ interval: String) -> String {
        "delivery: { guarantee: exactly-once, checkpoints: { store: kafkaTopic, commitInterval: \(interval) } }"
    }

    private func yaml(_ interval: String, _ properties: String = "") -> String {
        Fixture.with(self.head(interval)).replacing("bootstrap.servers:", with: "\(properties) bootstrap.servers:")
    }

    private func settings(_ interval: String, _ properties: String = "") throws -> TransactionalProducer.Settings {
        let configuration = try Fixture.load(self.yaml(interval, properties)).configuration
        let partition = configuration.partition(of: configuration.tenants[0])
        return ProducerSettings.transactional(configuration, partition, tenants: ["acme"], inFlightBytes: 1_000)
    }

    @Test("the transactional id is the tenant partition's, whatever the number of instances (one-owner)")
    func identity() throws {
        let settings = try self.settings("100ms")
        #expect(settings.properties["transactional.id"] == "genesys-bridge.checkpoints-\(settings.partition.index)")
        #expect(settings.properties["enable.idempotence"] == "true" && settings.properties["acks"] == "all")
    }

    @Test("brokers give a transaction more time than its interval, and records no more than that (no-dead-wait)")
    func times() throws {
        #expect(try self.settings("100ms").properties["transaction.timeout.ms"] == "15000")
        #expect(try self.settings("5s").properties["transaction.timeout.ms"] == "15000")
        let slow = try self.settings("60s", "transaction.timeout.ms: 180000,")
        #expect(slow.properties["transaction.timeout.ms"] == "180000" && slow.policy.interval == .seconds(60))
        #expect(slow.properties["message.timeout.ms"] == nil)
        // librdkafka takes them all.
        for settings in [slow, try self.settings("1ms"), try self.settings("1s", "transaction.timeout.ms: 9000,")] {
            var properties = settings.properties
            properties["bootstrap.servers"] = "127.0.0.1:1"
            _ = try KafkaProducer(configuration: properties, onFatal: { _ in })
        }
    }

    @Test(
        "Kafka is silent when it answers nothing for half a minute, beside the interval of a transaction (no-dead-wait)"
    )
    func silence() throws {
        func limit(_ yaml: String) throws -> Duration {
            let configuration = try Fixture.load(yaml).configuration
            let (stream, tenant) = (StreamID(tenant: "acme", stream: "0"), configuration.tenants[0])
            return StreamSettingsMap.pipeline(stream, [], tenant, configuration, inFlightBytes: 1).delivery
                .silenceLimit
        }
        #expect(try limit(self.yaml("5s")) == .seconds(35))
        #expect(try limit(Fixture.with("delivery: { guarantee: at-least-once }")) == .seconds(30))
    }

    @Test("a window ends a transaction: so many batches and half of the bytes of a stream (bounded-bytes)")
    func window() throws {
        let policy = try self.settings("1s").policy
        #expect(policy.batches == 64 && policy.bytes == 500)
        let large = Fixture.with(self.head("1s").replacing("store:", with: "commitBatches: 65536, store:"))
        let exact = try Fixture.load(large).configuration
        let full = ProducerSettings.transactional(
            exact,
            exact.partition(of: exact.tenants[0]),
            tenants: ["acme"],
            inFlightBytes: 1_000
        )
        #expect(full.policy.batches == 256, "half of the window: the other half fills while it is committed")
        let once = try Fixture.load(Fixture.with("delivery: { guarantee: at-least-once }")).configuration
        for (configuration, batches) in [(exact, 512), (once, 256)] {
            let (stream, tenant) = (StreamID(tenant: "acme", stream: "0"), configuration.tenants[0])
            let inFlight = BoundedQueue<NotificationBatch>.Limits(bytes: 1_000, batches: batches)
            #expect(
                StreamSettingsMap.pipeline(stream, [], tenant, configuration, inFlightBytes: 1_000).delivery.inFlight
                    == inFlight
            )
            #expect(StreamSettingsMap.tenant(tenant, configuration, inFlightBytes: 1_000).inFlight == inFlight)
        }
    }

    @Test("a transaction that the brokers would always abort is refused with the way out")
    func tooLong() {
        let short = Fixture.errors(self.yaml("2s", "transaction.timeout.ms: 5999,"))
        #expect(short.count == 1 && short[0].contains("kafka.properties.transaction.timeout.ms"), "\(short)")
        #expect(short.first?.contains("3 times as long as delivery.checkpoints.commitInterval") == true, "\(short)")
        #expect(Fixture.errors(self.yaml("2s", "transaction.timeout.ms: 6000,")) == [])
        // Where the property is not written, the interval is what is wrong.
        let long = Fixture.errors(self.yaml("5001ms"))
        #expect(long.count == 1 && long[0].contains("delivery.checkpoints.commitInterval: is too long"), "\(long)")
        #expect(long.first?.contains("at most 5000ms") == true && long[0].contains("15003"), "\(long)")
        #expect(Fixture.errors(self.yaml("5s")) == [])
        let atLeastOnce = self.yaml("2s", "transaction.timeout.ms: 1000,").replacing(
            "exactly-once",
            with: "at-least-once"
        )
        #expect(Fixture.errors(atLeastOnce) == [])
    }
}
