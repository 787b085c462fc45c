import BridgeCore
import Logging
import Testing

@testable import genesys_kafka_bridge

@Suite("References and secrets")
struct SecretTests {
    private func secret(
        _ written: String,
        environment: [String: String] = [:],
        files: [String: [UInt8]] = [:]
    ) throws -> String {
        let text = Fixture.minimal.replacing("\"\(Fixture.secret)\"", with: "'\(written)'")
        let loaded = try Fixture.load(text, environment: environment, files: files)
        return loaded.configuration.tenants[0].credentials.clientSecret.revealed
    }

    @Test("references are replaced, whole or inside of a text, once")
    func replaced() throws {
        #expect(try self.secret("${env:A}", environment: ["A": "x"]) == "x")
        #expect(try self.secret("pre-${env:A}-${env:B}", environment: ["A": "1", "B": "2"]) == "pre-1-2")
        #expect(try self.secret("${env:A}", environment: ["A": "${env:B}", "B": "no"]) == "${env:B}")
        #expect(try self.secret("$${env:A}", environment: ["A": "x"]) == "${env:A}")
        #expect(try self.secret("a$b$$c$") == "a$b$$c$")
        #expect(try self.secret("${env:A}", environment: ["A": "123"]) == "123")
        #expect(try self.secret("${file:/s}", files: ["/s": Array("x\n".utf8)]) == "x")
        #expect(try self.secret("${file:/s}", files: ["/s": Array("x\r\n".utf8)]) == "x")
        #expect(try self.secret("${file:/s}", files: ["/s": Array(" x ".utf8)]) == " x ")
    }

    @Test("other kinds of value may come from a reference, too")
    func otherKinds() throws {
        let text = Fixture.with(
            "connection: { missedPongs: \"${env:N}\", pingInterval: \"${env:N}0s\" }\nlog: { level: \"${env:L}\" }"
        )
        let bridge = try Fixture.load(text, environment: ["N": "4", "L": "debug"]).configuration
        #expect(bridge.connection.missedPongs == 4)
        #expect(bridge.connection.pingInterval == .seconds(40))
        #expect(bridge.log.level.rawValue == "debug")
    }

    @Test(
        "a reference that leads nowhere is named",
        arguments: [
            ("${env:NOPE}", "refers to the environment variable NOPE, which is not set; set NOPE"),
            ("${env:}", "refers to an environment variable by something that is not a name"),
            ("${env:A B}", "refers to an environment variable by something that is not a name"),
            ("${file:/nope}", "refers to the file /nope, which does not exist"),
            ("${file:}", "refers to a file without a path"),
            ("${file:/big}", "refers to the file /big, which is larger than 65536 bytes"),
            ("${file:/bin}", "refers to the file /bin, which is not text in UTF-8"),
            ("${file:/nul}", "refers to the file /nul, which is not text in UTF-8"),
            (
                "${NOPE}",
                "has a reference of an unknown kind; write ${env:NAME} or ${file:PATH}; $${ stands for ${ itself"
            ),
            ("${env:NOPE", "has a reference without its closing brace"),
        ]
    )
    func nowhere(written: String, expected: String) {
        let text = Fixture.minimal.replacing(Fixture.secret, with: written)
        let files = ["/big": [UInt8](repeating: 0x61, count: 65_537), "/bin": [0xff], "/nul": [0x61, 0]]
        let lines = Fixture.errors(text, files: files)
        #expect(lines.count == 1)
        #expect(
            lines.first?.hasPrefix("bridge.yaml:6:50: tenants[0].credentials.clientSecret: \(expected)") == true,
            "\(lines)"
        )
    }

    @Test("an empty secret and one with a line break are refused")
    func badSecrets() {
        for (value, problem) in [("", "the value is empty"), ("a\nb", "the value holds a control character")] {
            let text = Fixture.minimal.replacing(Fixture.secret, with: "${env:S}")
            let lines = Fixture.errors(text, environment: ["S": value])
            #expect(lines.count == 1 && lines[0].contains(problem), "\(lines)")
        }
    }

    @Test("no error shows a secret, wherever it stands")
    func neverInErrors() {
        let secret = Fixture.secret
        let places = [
            "credentials: \(secret)", "credentials: { clientId: a, clientSecret: [\(secret)] }",
            "credentials: { clientId: a, clientSecret: \"\(secret)\\u0001\" }",
            "credentials: { clientId: a, clientSecret: \"\(secret)\(String(repeating: "x", count: 5000))\" }",
            "credentials: { clientId: a, clientSecret: \"${env:X}\" }",
            "credentials: { clientId: a, clientSecret: \"${file:/x}\" }",
            "maxLatency: ${env:S}", "maxBatchSize: ${env:S}", "protocol: ${env:S}", "subscriptions: ${env:S}",
            "name: \"${env:S} \"",
            "region: ${file:/s}",
        ]
        for place in places {
            let text =
                "kafka: { properties: { sasl.password: [\(secret)], acks: \(secret), retries: \(secret) } }\ntenants:\n  - \(place)"
            let lines = Fixture.errors(text, environment: ["S": secret], files: ["/s": Array(secret.utf8)])
            #expect(!lines.isEmpty)
            #expect(!lines.joined().contains("s3cr3t"), "\(lines)")
        }
    }

    @Test(
        "an address that has credentials or a query in it is refused without being shown (S1.6)",
        arguments: [
            (
                "connection: { proxy: { address: \"u:s3cr3t@proxy:3128\" } }",
                "connection.proxy.address: the value holds a user name"
            ),
            (
                "connection: { proxy: { address: \"http://u:s3cr3t@proxy:3128\" } }",
                "connection.proxy.address: the value is a URL"
            ),
            ("admin: { listen: \"u:s3cr3t@h:1\" }", "admin.listen: the value holds a user name"),
        ]
    )
    func credentialsInAddresses(text: String, expected: String) {
        let lines = Fixture.errors(Fixture.with(text))
        #expect(lines.count == 1 && lines[0].contains(expected), "\(lines)")
        #expect(!lines.joined().contains("s3cr3t"), "\(lines)")
    }

    @Test(
        "a server's address that has credentials or a query in it is refused without being shown (S1.6)",
        arguments: [
            "https://me:s3cr3t@login.example", "https://login.example?access_token=s3cr3t",
            "ftp://me:s3cr3t@login.example",
            "me:s3cr3t@login.example", "https://login.example/s?p=s3cr3t",
        ]
    )
    func credentialsInEndpoints(address: String) {
        let endpoints = "endpoints: { login: \"\(address)\", streaming: \"wss://s.example\" }"
        let lines = Fixture.errors(Fixture.minimal.replacing("region: mypurecloud.com", with: endpoints))
        #expect(lines.count == 1 && lines[0].contains("tenants[0].endpoints.login: the value"), "\(lines)")
        #expect(!lines.joined().contains("s3cr3t"), "\(lines)")
    }

    @Test("no description or dump of a configuration shows a secret")
    func neverInDescriptions() throws {
        let configuration = try ValidConfigurationTests.loadFull().configuration
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("s3cr3t"))
            #expect(text.contains("<redacted>"))
        }
        #expect(configuration.kafka.properties.map(\.description).contains("sasl.password=<redacted>"))
    }

    @Test(
        "properties whose names say so are shown without their value",
        arguments: [
            "sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.jaas.config", "sasl.oauthbearer.config",
            "sasl.oauthbearer.client.secret", "SSL.KEYSTORE.PASSWORD", "ssl.ca.pem", "sasl.username",
        ]
    )
    func properties(name: String) throws {
        let text = Fixture.minimal.replacing(
            "bootstrap.servers:",
            with: "\(name): \(Fixture.secret), bootstrap.servers:"
        )
        let property = try #require(try Fixture.load(text).configuration.kafka.properties.first)
        #expect(property.value.revealed == Fixture.secret)
        #expect(property.description == "\(name)=<redacted>")
    }
}
