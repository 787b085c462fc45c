import Foundation
import RDKafka

/// The Kafka of a demo or a soak: embedded in this process, or a real cluster.
struct DemoCluster: Sendable {
    /// How brokers are found.
    let bootstrapServers: String
    /// Nil for a real cluster.
    let embedded: EmbeddedKafka?

    private static let timeout = Duration.seconds(30)

    /// - Parameter bootstrapServers: of a real cluster; nil for an embedded one.
    init(bootstrapServers: String?) throws {
        if let bootstrapServers {
            self.bootstrapServers = bootstrapServers
            self.embedded = nil
        } else {
            let embedded = try EmbeddedKafka(brokerCount: 3)
            self.bootstrapServers = embedded.bootstrapServers
            self.embedded = embedded
        }
    }

    /// Makes the topics of `configuration`, each with as many partitions.
    func createTopics(of configuration: BridgeConfiguration, partitionCount: Int) async throws {
        let planned = PlannedTopic.all(of: configuration.tenants, in: configuration)
        if let embedded = self.embedded {
            for topic in planned where topic.purpose == .events {
                try embedded.createTopic(topic.name, partitionCount: partitionCount)
            }
            return
        }
        let admin = try TopicAdmin(configuration.kafka, timeout: Self.timeout)
        let refused = try await admin.create(planned)
        await admin.close()
        if let (topic, reason) = refused.first {
            throw CommandFailure(.unavailable, "the topic \(topic) could not be created: \(reason)")
        }
    }

    /// Ends an embedded cluster; in a real one the run's topics are removed.
    func close(_ configuration: BridgeConfiguration?) async {
        if let embedded = self.embedded { return await embedded.close() }
        guard let configuration,
            let admin = try? KafkaAdmin(configuration: TopicAdmin.client(configuration.kafka))
        else { return }
        let names = PlannedTopic.all(of: configuration.tenants, in: configuration).map(\.name)
        _ = try? await admin.deleteTopics(names, timeout: Self.timeout)
        await admin.close()
    }
}
