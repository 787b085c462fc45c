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

    @Test("a cluster that does not let the client in is an error that says so, without the password")
    func refused() async throws {
        let cluster = try EmbeddedKafka()
        let admin = try KafkaAdmin(configuration: [
            "bootstrap.servers": cluster.bootstrapServers, "security.protocol": "sasl_plaintext",
            "sasl.mechanisms": "PLAIN", "sasl.username": "somebody", "sasl.password": "hunter2-very-secret",
        ])
        let error = await #expect(throws: KafkaError.self) { try await admin.metadata(timeout: .seconds(2)) }
        #expect(error?.code == .authentication && error?.action == .configuration)
        #expect(error?.reason.contains("SASL") == true && error?.reason.contains("no metadata") == true)
        #expect(error?.reason.contains("hunter2") == false)
        await admin.close()
        await cluster.close()
    }

    @Test(
        "topics are created with their properties and deleted, each by itself; what is refused says why",
        .enabled(if: TestBroker.Kind.available.contains(.real), "the embedded cluster answers no such request")
    )
    func createAndDelete() async throws {
        try await TestBroker.with(.real) { broker in
            let compacted = try await broker.topic("compacted", properties: ["cleanup.policy": "compact"])
            let plain = try await broker.topic("plain", partitionCount: 3)
            try await broker.administer { admin in
                #expect(try await admin.hasController(timeout: .seconds(20)))
                let properties = try await admin.properties(of: .topic(compacted), timeout: .seconds(20))
                #expect(properties["cleanup.policy"] == "compact")
                let metadata = try await admin.metadata(timeout: .seconds(20))
                #expect(metadata.topic(plain)?.partitions.count == 3)
                let again = [
                    KafkaNewTopic(name: plain, partitionCount: 1),
                    KafkaNewTopic(name: compacted + "-2", partitionCount: 1),
                    KafkaNewTopic(name: compacted + "-3", partitionCount: 1, replicationFactor: 1_000),
                ]
                let refused = try await admin.createTopics(again, timeout: .seconds(20))
                #expect(Set(refused.keys) == [plain, compacted + "-3"])
                #expect(refused[plain]?.code == .topicAlreadyExists)
                let names = [plain, plain + "-missing"]
                let kept = try await admin.deleteTopics(names, timeout: .seconds(20))
                #expect(kept.mapValues(\.code) == [plain + "-missing": .unknownTopicOrPartition])
                #expect(try await admin.metadata(timeout: .seconds(20)).topic(plain) == nil)
                await #expect(throws: KafkaError.self) {
                    try await admin.properties(of: .topic(plain), timeout: .seconds(20))
                }
            }
        }
    }

    @Test("a cluster without a controller has none to ask, and a request to it ends in time")
    func noController() async throws {
        try await TestBroker.with(.embedded) { broker in
            try await broker.administer { admin in
                let hasController = try await admin.hasController(timeout: .seconds(20))
                #expect(!hasController)
                await #expect(throws: KafkaError.self) {
                    try await admin.deleteTopics(["t"], timeout: .milliseconds(200))
                }
                let none = try await admin.deleteTopics([], timeout: .zero)
                #expect(none.isEmpty)
            }
        }
    }

    @Test("no answer says what librdkafka met on the way, and no secret")
    func explained() async throws {
        let cluster = try EmbeddedKafka()
        let admin = try KafkaAdmin(configuration: [
            "bootstrap.servers": cluster.bootstrapServers, "security.protocol": "SASL_PLAINTEXT",
            "sasl.mechanism": "PLAIN", "sasl.username": "u", "sasl.password": "pa55w0rd",
        ])
        let error = await #expect(throws: KafkaError.self) { try await admin.metadata(timeout: .seconds(2)) }
        let words = "\(error.map { "\($0)" } ?? "")"
        #expect(words.contains("_AUTHENTICATION") && words.contains("SASL"), "\(words)")
        #expect(!words.contains("pa55w0rd"))
        await admin.close()
        await cluster.close()
    }
}
