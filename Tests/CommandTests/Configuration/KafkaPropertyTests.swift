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
        ]
    )
    func allowed(property: String) {
        #expect(self.errors(property) == [])
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
