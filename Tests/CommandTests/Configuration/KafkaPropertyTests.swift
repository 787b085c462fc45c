import Testing

@testable import genesys_kafka_bridge

@Suite("Properties of librdkafka")
struct KafkaPropertyTests {
    private func errors(_ properties: String, head: String = "") -> [String] {
        Fixture.errors(
            Fixture.with(head).replacing("bootstrap.servers:", with: "\(properties), bootstrap.servers:")
        )
    }

    @Test(
        "a property that the guarantee rests on is refused with the reason",
        arguments: KafkaPropertyRules.refused.keys.sorted()
    )
    func refused(name: String) throws {
        let lines = self.errors("\(name): s3cr3t")
        let reason = try #require(KafkaPropertyRules.refused[name])
        #expect(lines == ["bridge.yaml:2:24: kafka.properties.\(name): cannot be set: \(reason); leave it out"])
    }

    @Test(
        "a property that the guarantee limits is checked",
        arguments: [
            (
                "max.in.flight: 6",
                "out of range: order across retries holds for at most 5 requests in flight; write 1 to 5"
            ),
            ("max.in.flight.requests.per.connection: 0", "out of range"), ("max.in.flight: x", "out of range"),
            ("retries: 0", "an idempotent producer must be able to retry"),
            ("message.send.max.retries: -1", "out of range"),
            ("queue.buffering.max.messages: 87381", "must be above the 87381 records that may be in flight"),
            ("queue.buffering.max.kbytes: 65536", "must be above delivery.inFlight.bytes, 65536 KiB"),
            ("queue.buffering.max.kbytes: many", "leave it out, or write more than 65536"),
            ("message.timeout.ms: -1", "must be a number of milliseconds"),
            ("enable.gapless.guarantee: 1", "must be a boolean; write true or false"),
            ("dr_msg_cb: x", "cannot be set: it is a function of a program"), ("linger.ms: ", "must not be empty"),
            ("linger.ms: [1]", "must be a single value, but is a list"),
            ("queuing.strategy: lifo", "must be fifo: anything else overtakes; leave it out"),
            ("message.max.bytes: 16383", "a dead letter with its headers must fit; write 16384 to 1000000000"),
            ("message.max.bytes: much", "out of range"),
            ("sasl.mechanisms: OAUTHBEARER", "OAUTHBEARER needs a token, and nothing says where it comes from"),
            ("sasl.mechanism: oauthbearer", "OAUTHBEARER needs a token, and nothing says where it comes from"),
        ]
    )
    func limited(property: String, expected: String) {
        let lines = self.errors(property)
        #expect(lines.count == 1 && lines[0].contains(expected), "\(lines)")
        #expect(lines.first?.contains("kafka.properties.\(property.prefix { $0 != ":" }): ") == true)
    }

    @Test(
        "what keeps the guarantee is let through",
        arguments: [
            "max.in.flight: 5", "retries: 1", "queue.buffering.max.messages: 87382", "queue.buffering.max.messages: 0",
            "queue.buffering.max.kbytes: 65537", "linger.ms: 0.5", "compression.type: zstd", "security.protocol: ssl",
            "queuing.strategy: fifo", "message.max.bytes: 16384", "socket.timeout.ms: 60000",
            "transaction.timeout.ms: 1",
            "message.timeout.ms: 60000", "sasl.mechanisms: SCRAM-SHA-512",
            "sasl.mechanisms: OAUTHBEARER, sasl.oauthbearer.method: oidc",
            "sasl.mechanisms: OAUTHBEARER, enable.sasl.oauthbearer.unsecure.jwt: true",
        ]
    )
    func allowed(property: String) {
        #expect(self.errors(property) == [])
    }

    private static func exactlyOnce(_ checkpoints: String = "") -> String {
        "delivery: { guarantee: exactly-once, checkpoints: { store: kafkaTopic\(checkpoints) } }"
    }

    @Test(
        "with exactly-once, times and sizes that would break every transaction are refused (Guarantees: exactly-once)",
        arguments: [
            (
                "message.timeout.ms: 0",
                "must not wait longer than its transaction lives (15000 ms); leave it out, or write 1 to 15000"
            ),
            ("message.timeout.ms: 15001", "must not wait longer than its transaction lives"),
            ("delivery.timeout.ms: 15001", "must not wait longer than its transaction lives"),
            ("transaction.timeout.ms: 999", "3 times as long as delivery.checkpoints.commitInterval"),
            ("transaction.timeout.ms: -9223372036854775808", "write 1000 to 2147483647"),
            ("transaction.timeout.ms: 9223372036854775807", "write 1000 to 2147483647"),
            ("transaction.timeout.ms: long", "write 1000 to 2147483647"),
            (
                "socket.timeout.ms: 15101",
                "a request must not wait longer than its transaction lives (15000 ms); write 10 to 15100"
            ),
            ("message.max.bytes: 524287", "a checkpoint with the ids of its last events must fit"),
        ]
    )
    func transactions(property: String, expected: String) {
        let lines = self.errors(property, head: Self.exactlyOnce())
        #expect(lines.count == 1 && lines[0].contains(expected), "\(lines)")
        #expect(lines.first?.contains("kafka.properties.\(property.prefix { $0 != ":" }): ") == true)
        #expect(lines.first?.hasPrefix("bridge.yaml:2:") == true)
    }

    @Test(
        "with exactly-once, times that go together are let through",
        arguments: [
            "message.timeout.ms: 15000", "transaction.timeout.ms: 1000", "socket.timeout.ms: 15100",
            "transaction.timeout.ms: 60000, message.timeout.ms: 60000, socket.timeout.ms: 60100",
            "socket.timeout.ms: 60000, transaction.timeout.ms: 60000", "message.max.bytes: 524288",
        ]
    )
    func transactionsAllowed(properties: String) {
        #expect(self.errors(properties, head: Self.exactlyOnce()) == [])
    }

    @Test("with exactly-once, an interval that leaves no time for the commit is refused where it stands")
    func commitInterval() {
        let tooLong = Fixture.errors(Fixture.with(Self.exactlyOnce(", commitInterval: 5001ms")))
        #expect(
            tooLong.count == 1
                && tooLong[0].hasPrefix("bridge.yaml:1:")
                && tooLong[0].contains("delivery.checkpoints.commitInterval: is too long"),
            "\(tooLong)"
        )
        #expect(Fixture.errors(Fixture.with(Self.exactlyOnce(", commitInterval: 5s"))) == [])
        #expect(self.errors("transaction.timeout.ms: 30000", head: Self.exactlyOnce(", commitInterval: 10s")) == [])
        #expect(
            Fixture.errors(Fixture.with("delivery: { checkpoints: { store: kafkaTopic, commitInterval: 1m } }")) == []
        )
    }

    @Test(
        "what lets others read or play the brokers is a warning",
        arguments: [
            ("enable.ssl.certificate.verification: false", 1), ("enable.ssl.certificate.verification: true", 0),
            ("ssl.endpoint.identification.algorithm: none", 1), ("ssl.endpoint.identification.algorithm: https", 0),
            ("security.protocol: sasl_plaintext, sasl.mechanisms: PLAIN", 1),
            ("security.protocol: sasl_plaintext, sasl.mechanisms: SCRAM-SHA-256", 0),
            ("security.protocol: sasl_ssl, sasl.mechanisms: PLAIN", 0),
        ]
    )
    func openDoors(properties: String, count: Int) throws {
        let text = Fixture.minimal.replacing("bootstrap.servers:", with: "\(properties), bootstrap.servers:")
        #expect(try Fixture.load(text).warnings.count == count)
    }

    @Test("strict order at the price of all tenants is a warning (order-per-key)", arguments: [true, false])
    func gapless(isOn: Bool) throws {
        let text = Fixture.minimal
            .replacing("bootstrap.servers:", with: "enable.gapless.guarantee: \(isOn), bootstrap.servers:")
        let expected = isOn ? ["kafka.properties.enable.gapless.guarantee"] : []
        #expect(try Fixture.load(text).warnings.map(\.keyPath) == expected)
    }

    @Test("a limit of the time in the queue is a warning")
    func messageTimeout() throws {
        let text = Fixture.minimal.replacing("bootstrap.servers:", with: "message.timeout.ms: 1000, bootstrap.servers:")
        #expect(try Fixture.load(text).warnings.map(\.keyPath) == ["kafka.properties.message.timeout.ms"])
        #expect(try Fixture.load(text.replacing("1000", with: "0")).warnings.isEmpty)
    }

    @Test("without a broker there is no bridge")
    func bootstrap() {
        for kafka in ["kafka: {}", "kafka: { properties: {} }", "kafka: { properties: { linger.ms: 1 } }", "kafka:"] {
            let text = Fixture.minimal.replacing(
                "kafka: { properties: { bootstrap.servers: \"kafka:9092\" } }",
                with: kafka
            )
            let lines = Fixture.errors(text)
            #expect(
                lines.count == 1 && lines[0].contains("kafka.properties.bootstrap.servers: required, but missing"),
                "\(lines)"
            )
        }
        let blank = Fixture.errors(Fixture.minimal.replacing("kafka:9092", with: " , "))
        #expect(blank.count == 1 && blank[0].contains("names no broker"))
    }
}
