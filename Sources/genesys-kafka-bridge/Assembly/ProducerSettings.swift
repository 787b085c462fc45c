import BridgeCore
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
