import BridgeCore
import RDKafka

/// What the `topics` command, the check at a start and `verify` ask a cluster.
struct TopicAdmin {
    private let admin: KafkaAdmin
    private let timeout: Duration

    /// - Parameter timeout: of each question.
    /// - Throws: `CommandFailure` for a property that librdkafka refuses.
    init(_ configuration: KafkaConfiguration, timeout: Duration) throws(CommandFailure) {
        self.timeout = timeout
        do throws(KafkaError) {
            self.admin = try KafkaAdmin(configuration: Self.client(configuration))
        } catch {
            throw CommandFailure(.configuration, "kafka.properties: \(error.reason)")
        }
    }

    /// The properties for a client that does not produce.
    static func client(_ configuration: KafkaConfiguration) -> RDKafka.KafkaConfiguration {
        var result = RDKafka.KafkaConfiguration()
        // Wants an idempotent producer, which no reader is.
        for property in configuration.properties where property.name != "enable.gapless.guarantee" {
            result[property.name] = property.value.revealed
        }
        return result
    }

    /// Everything that the cluster has, as far as this client may see it.
    func metadata() async throws(KafkaError) -> KafkaMetadata {
        try await self.admin.metadata(timeout: self.timeout)
    }

    /// The topics named `names` that exist.
    func topics(_ names: [String]) async throws(KafkaError) -> [String: ActualTopic] {
        let metadata = try await self.metadata()
        var found: [String: ActualTopic] = [:]
        var canTell = true
        for name in names {
            guard let topic = metadata.topic(name), topic.error != .unknownTopicOrPartition else { continue }
            var properties: [String: String] = [:]
            if canTell {
                do throws(KafkaError) {
                    properties = try await self.admin.properties(of: .topic(name), timeout: self.timeout)
                } catch {
                    // A cluster that does not answer this for one topic is not asked for a hundred.
                    canTell = error.code == .topicAuthorizationFailed
                }
            }
            found[name] = ActualTopic(partitions: topic.partitions.count, properties: properties)
        }
        return found
    }

    /// Whether the cluster creates topics that it does not have; nil where it does not say.
    func createsTopicsByItself(_ metadata: KafkaMetadata) async -> Bool? {
        guard let broker = metadata.brokers.first?.id else { return nil }
        let properties = try? await self.admin.properties(of: .broker(broker), timeout: self.timeout)
        return properties?["auto.create.topics.enable"].map { $0 == "true" }
    }

    /// Creates `topics`.
    ///
    /// - Returns: why one was not created, by name.
    func create(_ topics: [PlannedTopic]) async throws(KafkaError) -> [String: String] {
        let wanted = topics.map { topic in
            var properties = ["cleanup.policy": topic.isCompacted ? "compact" : "delete"]
            if let retention = topic.retention {
                properties["retention.ms"] = "\(retention.wholeNanoseconds / 1_000_000)"
            }
            return KafkaNewTopic(
                name: topic.name,
                partitionCount: topic.partitions,
                replicationFactor: topic.replicationFactor,
                properties: properties
            )
        }
        return try await self.admin.createTopics(wanted, timeout: self.timeout).mapValues(\.description)
    }

    func close() async {
        await self.admin.close()
    }
}
