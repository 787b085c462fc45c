import RDKafka
import Testing

@Suite("Configuration")
struct KafkaConfigurationTests {
    private static let secret = "hunter2-very-secret"

    private func refusal(_ configuration: KafkaConfiguration) throws -> KafkaError {
        try #require(throws: KafkaError.self) {
            _ = try KafkaProducer(configuration: configuration, onFatal: { _ in })
        }
    }

    @Test("an unknown property is named")
    func unknown() throws {
        let error = try self.refusal(["bootstrap.servers": "127.0.0.1:1", "no.such.thing": "42"])
        #expect(error.action == .configuration)
        #expect(error.reason.contains("\"no.such.thing\""))
        #expect(error.reason.contains("No such configuration property"))
    }

    @Test("a bad value is named with its property and librdkafka's words")
    func badValue() throws {
        let error = try self.refusal(["acks": "sometimes"])
        #expect(error.reason.contains("\"acks\""))
        #expect(error.reason.contains("\"sometimes\""))
        #expect(error.reason.contains("librdkafka"))
    }

    @Test("properties that do not go together are refused with librdkafka's words")
    func contradiction() throws {
        let error = try self.refusal(["enable.idempotence": "true", "acks": "1"])
        #expect(error.action == .configuration)
        #expect(error.reason.contains("acks"))
    }

    @Test(
        "secrets are in no error, description or dump",
        arguments: [
            "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "sasl.oauthbearer.config",
            "sasl.oauthbearer.client.secret",
        ]
    )
    func secrets(_ name: String) throws {
        #expect(KafkaConfiguration.isSecret(name))
        let bad: [KafkaConfiguration] = [
            [name: Self.secret, "acks": "\(Self.secret)"],
            [name: Self.secret, "security.protocol": "ssl", "ssl.ca.location": "/no/\(Self.secret)"],
            [name + ".x": Self.secret],
        ]
        for configuration in bad {
            if let error = try? self.refusal(configuration), configuration[name] == nil {
                #expect(!"\(error)".contains(Self.secret))
                #expect(error.reason.contains("\"\(name).x\""))
            }
            var dumped = ""
            dump(configuration, to: &dumped)
            #expect(!dumped.contains(name + "=" + Self.secret))
            #expect(!"\(configuration)".contains(name + "=" + Self.secret))
            #expect("\(configuration)".contains("=[redacted]"))
        }
        let words = try self.refusal([
            name: Self.secret, "security.protocol": "ssl", "ssl.ca.location": "/no/\(Self.secret)",
        ])
        #expect(!words.reason.contains(Self.secret))
        // Either the certificate file or, in a library without OIDC, the property itself.
        #expect(words.reason.contains("refused"))
        #expect(words.reason.contains("ssl.ca.location") || words.reason.contains("\"\(name)\""))
    }

    @Test("properties keep their order; a repeated one keeps its place and takes the last value")
    func order() {
        var configuration: KafkaConfiguration = ["b": "1", "a": "2", "b": "3"]
        #expect(configuration.properties.map(\.name) == ["b", "a"])
        #expect(configuration["b"] == "3")
        configuration["b"] = nil
        #expect(configuration.properties.map(\.name) == ["a"])
        #expect(configuration.description == "a=2")
    }

    @Test("the idempotent producer's properties are all spelled out")
    func idempotent() {
        let configuration = KafkaConfiguration.idempotentProducer(bootstrapServers: "h:1")
        let expected = [
            "bootstrap.servers": "h:1", "enable.idempotence": "true", "acks": "all", "message.timeout.ms": "0",
            "linger.ms": "5", "partitioner": "murmur2_random", "queue.buffering.max.messages": "500000",
            "queue.buffering.max.kbytes": "1048576",
        ]
        #expect(configuration.properties.count == expected.count)
        for (name, value) in expected { #expect(configuration[name] == value) }
    }

    @Test("the library tells its version and features")
    func library() {
        #expect(KafkaLibrary.version.first?.isNumber == true)
        #expect(KafkaLibrary.builtinFeatures.contains("gzip"))
    }

    @Test("topic names and headers are checked")
    func names() async throws {
        let producer = try KafkaProducer(configuration: ["bootstrap.servers": "127.0.0.1:1"], onFatal: { _ in })
        for name in ["", ".", "..", "a b", "ü", String(repeating: "x", count: 250)] {
            let error = #expect(throws: KafkaError.self) { try producer.topic(name) }
            #expect(error?.code == .invalidTopic)
        }
        #expect(try producer.topic("a") == producer.topic("a"))
        #expect(try producer.topic("a") != producer.topic("b"))
        #expect(throws: KafkaError.self) {
            try producer.headerTemplate([KafkaHeader(name: "", value: .constant([]))])
        }
        #expect(throws: KafkaError.self) { try producer.headerTemplate([KafkaHeader(name: "h", value: .slot(4))]) }
        #expect(throws: KafkaError.self) { try producer.headerTemplate([KafkaHeader(name: "h", value: .slot(-1))]) }
        #expect(try producer.headerTemplate([]) == .none)
        await producer.close(flushTimeout: .zero)
    }
}
