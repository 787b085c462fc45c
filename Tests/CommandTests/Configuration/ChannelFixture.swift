@testable import genesys_kafka_bridge

/// Configurations whose tenant has `protocol: channels`.
enum ChannelFixture {
    static let id = "3f2a9c1e-0b7d-4c55-9f0e-6a1d2b3c4d5e"
    static let conversations = "{ topic: \"v2.routing.queues.{queue}.conversations\" }"

    /// Without `head` and `keys` the subscriptions begin in line 8.
    static func yaml(
        _ subscriptions: [String] = [conversations],
        keys: [String] = [],
        head: [String] = []
    ) -> String {
        (head + [
            "kafka: { properties: { bootstrap.servers: k } }", "tenants:", "  - name: acme",
            "    region: mypurecloud.com", "    protocol: channels",
            "    credentials: { clientId: id, clientSecret: secret }",
        ] + keys.map { "    \($0)" } + ["    subscriptions:"] + subscriptions.map { "      - \($0)" })
        .joined(separator: "\n")
    }

    /// The errors, without the file's name.
    static func errors(_ yaml: String) -> [String] {
        Fixture.errors(yaml).map { String($0.dropFirst("bridge.yaml:".count)) }
    }

    static func tenant(_ yaml: String) throws -> TenantConfiguration {
        try Fixture.load(yaml).configuration.tenants[0]
    }
}
