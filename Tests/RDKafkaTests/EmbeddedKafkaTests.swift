import RDKafka
import Testing

@Suite("Embedded cluster", .timeLimit(.minutes(1)))
struct EmbeddedKafkaTests {
    @Test("each broker has an address on 127.0.0.1")
    func addresses() async throws {
        let cluster = try EmbeddedKafka(brokerCount: 3)
        let addresses = cluster.bootstrapServers.split(separator: ",")
        #expect(addresses.count == 3)
        #expect(addresses.allSatisfy { $0.hasPrefix("127.0.0.1:") })
        await cluster.close()
        await cluster.close()
        let error = #expect(throws: KafkaError.self) { try cluster.createTopic("t", partitionCount: 1) }
        #expect(error?.code == .destroyed)
    }

    @Test("numbers out of range are refused with the range")
    func ranges() throws {
        #expect(throws: KafkaError.self) { try EmbeddedKafka(brokerCount: 0) }
        let cluster = try EmbeddedKafka(brokerCount: 2)
        #expect(throws: KafkaError.self) { try cluster.createTopic("t", partitionCount: 0) }
        #expect(throws: KafkaError.self) { try cluster.createTopic("t", partitionCount: 1, replicationFactor: 3) }
        #expect(throws: KafkaError.self) { try cluster.setBrokerDown(3) }
        #expect(throws: KafkaError.self) { try cluster.setBrokerUp(0) }
        #expect(throws: KafkaError.self) { try cluster.setRoundTrip(1, milliseconds: -1) }
        #expect(throws: KafkaError.self) { try cluster.setPartitionLeader("t", partition: -1, broker: 1) }
        try cluster.createTopic("t", partitionCount: 1)
        #expect(throws: KafkaError.self) { try cluster.createTopic("t", partitionCount: 1) }
    }

    @Test(
        "a line is read as a command",
        arguments: [
            (
                "topic events 6",
                EmbeddedKafkaCommand.createTopic(name: "events", partitionCount: 6, replicationFactor: 1)
            ),
            ("topic e 1 3", .createTopic(name: "e", partitionCount: 1, replicationFactor: 3)),
            ("down 2", .down(broker: 2)),
            ("  down   all ", .down(broker: nil)),
            ("up 1", .up(broker: 1)),
            ("error produce connection-closed", .pushErrors(api: .produce, code: .transport, count: 1)),
            ("error init-producer-id -195 4", .pushErrors(api: .initProducerID, code: .transport, count: 4)),
            ("clear fetch", .clearErrors(api: .fetch)),
            ("topic-error e none", .topicError(name: "e", code: .none)),
            ("roundtrip all 250", .roundTrip(broker: nil, milliseconds: 250)),
            ("leader e 0 none", .leader(topic: "e", partition: 0, broker: nil)),
            ("leader e 0 2\r", .leader(topic: "e", partition: 0, broker: 2)),
            ("help", .help),
            ("quit", .quit),
            ("", nil),
            ("# a comment", nil),
        ] as [(String, EmbeddedKafkaCommand?)]
    )
    func commands(_ line: String, _ command: EmbeddedKafkaCommand?) throws {
        #expect(try EmbeddedKafkaCommand.parse(line) == command)
    }

    @Test(
        "a line that is no command is refused with what would be right",
        arguments: [
            ("restart 1", "\"restart\" is no command; there are topic, down"),
            ("down", "BROKER is missing; usage: down BROKER|all"),
            ("down one", "BROKER \"one\" is not a number from 1 to 1000; usage: down BROKER|all"),
            ("down 1 2", "\"2\" is one word too many; usage: down BROKER|all"),
            ("topic", "NAME is missing; usage: topic NAME PARTITIONS [REPLICAS]"),
            ("topic e 0", "PARTITIONS \"0\" is not a number from 1 to 10000"),
            ("topic e 99999999999999999999", "PARTITIONS \"99999999999999999999\" is not a number"),
            ("error write 7", "REQUEST \"write\" is not one of produce, fetch"),
            ("error produce oops", "CODE \"oops\" is neither a number nor one of none, connection-closed"),
            ("error produce 7 0", "COUNT \"0\" is not a number from 1 to 10000"),
            ("roundtrip all", "MILLISECONDS is missing"),
            ("leader e 0 all", "BROKER \"all\" is not a number"),
            ("quit now", "\"now\" is one word too many; usage: quit"),
        ]
    )
    func badCommands(_ line: String, _ words: String) throws {
        let error = try #require(throws: EmbeddedKafkaCommandError.self) { try EmbeddedKafkaCommand.parse(line) }
        #expect(error.description.contains(words))
    }

    @Test("the help text names every command and every code")
    func help() {
        for word in ["topic ", "down ", "up ", "error ", "clear ", "topic-error ", "roundtrip ", "leader ", "quit"] {
            #expect(
                EmbeddedKafkaCommand.helpText.contains("\n" + word) || EmbeddedKafkaCommand.helpText.hasPrefix(word)
            )
        }
        #expect(EmbeddedKafkaCommand.helpText.contains("init-producer-id"))
        #expect(EmbeddedKafkaCommand.helpText.contains("not-enough-replicas"))
    }

    @Test("commands are carried out")
    func apply() async throws {
        let cluster = try EmbeddedKafka(brokerCount: 2)
        for line in [
            "topic events 2 2", "leader events 1 none", "error metadata not-leader 3", "clear metadata",
            "topic-error events topic-authorization-failed", "topic-error events none", "roundtrip all 1",
            "down all", "up all", "help", "quit",
        ] {
            try cluster.apply(#require(try EmbeddedKafkaCommand.parse(line)))
        }
        let error = #expect(throws: KafkaError.self) { try cluster.apply(.down(broker: 3)) }
        #expect(error?.reason == "broker 3: brokers are numbered 1 to 2")
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": cluster.bootstrapServers])
        let topic = try await admin.metadata(timeout: .seconds(10)).topic("events")
        #expect(topic?.partitions.map(\.leader)[1] == nil)
        #expect(topic?.error == nil)
        await admin.close()
        await cluster.close()
    }
}
