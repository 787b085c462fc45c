import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// What the linked librdkafka says of a configuration before anything is connected to (spec/delivery.md, Producer).
@Suite("The library's check")
struct LibraryCheckTests {
    private static let secret = "k4fk4-p4ss"

    private func lines(_ properties: String, head: String = "") throws -> [String] {
        let text = Fixture.with(head).replacing("bootstrap.servers:", with: "\(properties), bootstrap.servers:")
        let configuration = try Fixture.load(text).configuration
        do {
            try LibraryCheck.run(configuration, file: "bridge.yaml")
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    @Test(
        "what librdkafka refuses is said with its place, its key and librdkafka's reason, and without secrets",
        arguments: [
            ("no.such.thing: 1", "no.such.thing", "No such configuration property"),
            ("security.protocol: tls", "security.protocol", "Invalid value"),
            ("security.protocol: ssl, ssl.ca.location: /no/such.pem", "ssl.ca.location", "name a file that is there"),
            ("queue.buffering.backpressure.threshold: 5", "queue.buffering.backpressure.threshold", "must be set to 1"),
            ("linger.ms: 50, message.timeout.ms: 20", "linger.ms", "must be greater than `linger.ms`"),
            ("fetch.max.bytes: 1000", "fetch.max.bytes", "must be >= `message.max.bytes`"),
            (
                "security.protocol: ssl, ssl.key.pem: \(secret)", "ssl.key.pem", "ssl.key.pem failed"
            ),
        ]
    )
    func refused(properties: String, name: String, reason: String) throws {
        let lines = try self.lines(properties)
        #expect(lines.count == 1, "\(lines)")
        let line = try #require(lines.first)
        #expect(line.hasPrefix("bridge.yaml:2:") && line.contains(": kafka.properties.\(name): "), "\(line)")
        #expect(line.contains("librdkafka \(KafkaLibrary.version)") && line.contains(reason), "\(line)")
        #expect(!line.contains(Self.secret))
    }

    @Test("what is missing beside the properties that are there is said, too")
    func incomplete() throws {
        let lines = try self.lines(
            "security.protocol: sasl_ssl, sasl.mechanisms: PLAIN, sasl.password: \(Self.secret)"
        )
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(line.contains("kafka.properties.sasl.password: "), "\(line)")
        #expect(line.contains("sasl.username and sasl.password must be set"))
        #expect(!line.contains(Self.secret))
    }

    @Test(
        "OIDC is refused with the reason where librdkafka was built without it, and otherwise only needs its settings"
    )
    func oidc() throws {
        let properties = """
            security.protocol: sasl_ssl, sasl.mechanisms: OAUTHBEARER, sasl.oauthbearer.method: oidc, \
            sasl.oauthbearer.client.id: bridge, sasl.oauthbearer.client.secret: \(Self.secret), \
            sasl.oauthbearer.token.endpoint.url: \"https://login.example/token\"
            """
        let lines = try self.lines(properties)
        for line in lines {
            #expect(line.contains("kafka.properties.sasl.oauthbearer.") && line.contains("libcurl"), "\(line)")
            #expect(!line.contains(Self.secret))
        }
    }

    @Test(
        "what goes together is let through, for both guarantees",
        arguments: ["", "delivery: { guarantee: exactly-once, checkpoints: { store: kafkaTopic } }"],
        [
            "client.id: bridge", "security.protocol: ssl",
            "security.protocol: sasl_ssl, sasl.mechanisms: PLAIN, sasl.username: a, sasl.password: b",
            "security.protocol: sasl_plaintext, sasl.mechanisms: SCRAM-SHA-512, sasl.username: a, sasl.password: b",
            "security.protocol: sasl_ssl, sasl.mechanisms: GSSAPI, sasl.kerberos.kinit.cmd: \"exit 1\"",
            "enable.gapless.guarantee: true",
        ]
    )
    func allowed(head: String, properties: String) throws {
        #expect(try self.lines(properties, head: head) == [])
    }
}
