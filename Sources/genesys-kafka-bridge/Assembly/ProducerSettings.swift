import BridgeCore
import KafkaDelivery
import RDKafka

/// From the configuration to librdkafka's properties.
enum ProducerSettings {
    /// librdkafka counts payload and keys only; our bound also counts its overhead, so its own limits are never met first.
    static func configuration(_ configuration: BridgeConfiguration) -> RDKafka.KafkaConfiguration {
        let inFlight = configuration.delivery.inFlight
        let recordsMax = inFlight.bytes / NotificationBatch.heldBytesPerEvent + 1
        var result = RDKafka.KafkaConfiguration.idempotentProducer(
            bootstrapServers: "",
            queuedRecordCountMax: min(max(recordsMax, 1_000), 10_000_000),
            queuedKibibytesMax: max(inFlight.bytes / 1024 * 2, 65_536)
        )
        result["bootstrap.servers"] = nil
        for property in configuration.kafka.properties { result[property.name] = property.value.revealed }
        return result
    }

    /// The producer of a tenant partition whose records and positions are written together.
    static func transactional(
        _ configuration: BridgeConfiguration,
        _ partition: TenantPartition,
        tenants: Set<String>,
        inFlightBytes: Int
    ) -> TransactionalProducer.Settings {
        var properties = Self.configuration(configuration)
        let names = Set(configuration.kafka.properties.map(\.name))
        let checkpoints = configuration.delivery.checkpoints
        // A record that waits longer than its transaction may live is of no use: librdkafka derives one from the other.
        if names.isDisjoint(with: ["message.timeout.ms", "delivery.timeout.ms"]) {
            properties["message.timeout.ms"] = nil
        }
        if !names.contains("transaction.timeout.ms") {
            properties["transaction.timeout.ms"] = "\(KafkaPropertyRules.transactionTimeoutDefaultMilliseconds)"
        }
        properties["transactional.id"] = "\(checkpoints.topic)-\(partition)"
        return TransactionalProducer.Settings(
            partition: partition,
            tenants: tenants,
            properties: properties,
            policy: TransactionPolicy(
                interval: checkpoints.commitInterval,
                batches: min(checkpoints.commitBatches, configuration.delivery.inFlight.batches),
                bytes: max(inFlightBytes / 2, 1)
            )
        )
    }

    /// How many bytes of a value fit into one record beside its key and headers.
    static func valueBytesMax(_ kafka: KafkaConfiguration) -> Int {
        let property = kafka.properties.last { $0.name == "message.max.bytes" }
        return max(
            Self.valueBytesMin,
            (property.flatMap { Int($0.value.revealed) } ?? 1_000_000) - Self.bytesBesideValue
        )
    }

    private static let bytesBesideValue = 8192
    private static let valueBytesMin = 512
}
