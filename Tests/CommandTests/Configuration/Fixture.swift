import BridgeCore
import Testing

@testable import genesys_kafka_bridge

/// Configurations for tests: a small valid one, and ways to decode text with an environment and files of its own.
enum Fixture {
    static let secret = "s3cr3t-Value-42"

    /// The smallest configuration; line 3 is the first tenant's.
    static let minimal = """
        kafka: { properties: { bootstrap.servers: "kafka:9092" } }
        tenants:
          - name: acme
            region: mypurecloud.com
            protocol: stream
            credentials: { clientId: id-1, clientSecret: "\(secret)" }
            subscriptions:
              - { event: routing.queueEvents, resourceId: abc-123 }
        """

    static func loader(
        environment: [String: String] = [:],
        files: [String: [UInt8]] = [:]
    ) -> ConfigurationLoader {
        ConfigurationLoader(
            sources: ConfigurationSources(environment: environment) { path, limit throws(FileProblem) in
                guard let bytes = files[path] else { throw FileProblem(reason: "does not exist") }
                return Array(bytes.prefix(limit + 1))
            }
        )
    }

    static func load(
        _ yaml: String,
        environment: [String: String] = [:],
        files: [String: [UInt8]] = [:],
        share: Share = .whole
    ) throws(ConfigurationError) -> ConfigurationLoader.Loaded {
        try self.loader(environment: environment, files: files)
            .decode(Array(yaml.utf8), file: "bridge.yaml", share: share)
    }

    /// The error's lines; empty where the text is valid.
    static func errors(
        _ yaml: String,
        environment: [String: String] = [:],
        files: [String: [UInt8]] = [:],
        share: Share = .whole
    ) -> [String] {
        do {
            _ = try self.load(yaml, environment: environment, files: files, share: share)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    /// `minimal` with `yaml` before it.
    static func with(_ yaml: String) -> String { "\(yaml)\n\(self.minimal)" }
}
