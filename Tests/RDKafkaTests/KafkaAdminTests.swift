import RDKafka
import Testing

@Suite("Admin", .timeLimit(.minutes(1)))
struct KafkaAdminTests {
    @Test("metadata names brokers, topics, partitions and leaders")
    func metadata() async throws {
        let cluster = try EmbeddedKafka(brokerCount: 3)
        try cluster.createTopic("events", partitionCount: 4, replicationFactor: 2)
        try cluster.setPartitionLeader("events", partition: 1, broker: nil)
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": cluster.bootstrapServers])
        let metadata = try await admin.metadata(timeout: .seconds(10))
        #expect(metadata.brokers.map(\.id).sorted() == [1, 2, 3])
        #expect(
            Set(metadata.brokers.map(\.address)) == Set(cluster.bootstrapServers.split(separator: ",").map(String.init))
        )
        let topic = try #require(metadata.topic("events"))
        #expect(topic.partitions.map(\.id) == [0, 1, 2, 3])
        #expect(topic.partitions.allSatisfy { $0.replicas.count >= 2 && $0.inSyncReplicas == $0.replicas })
        #expect(topic.partitions[1].leader == nil)
        #expect(topic.partitions[0].leader != nil)
        #expect(metadata.topic("missing") == nil)
        await admin.close()
        let error = await #expect(throws: KafkaError.self) { try await admin.metadata(timeout: .seconds(1)) }
        #expect(error?.code == .destroyed)
        await cluster.close()
    }

    @Test("a cluster that cannot be reached is an error within the time")
    func unreachable() async throws {
        let cluster = try EmbeddedKafka()
        try cluster.setBrokerDown()
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": cluster.bootstrapServers])
        let error = await #expect(throws: KafkaError.self) { try await admin.metadata(timeout: .milliseconds(300)) }
        #expect(error?.code == .transport || error?.code == .timedOut)
        #expect(error?.action == .retry)
        await admin.close()
    }
}
