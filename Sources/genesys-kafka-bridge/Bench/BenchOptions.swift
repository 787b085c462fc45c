import Foundation
import Logging

/// Where to measure, and how much.
struct BenchOptions {
    /// The brokers.
    var bootstrapServers: String
    /// The simulator's address, `http://host:port`.
    var simulator: String
    /// Events to acknowledge before measuring begins.
    var warmUpEvents: Int
    /// Events to measure, at least.
    var events: Int
    /// How long to measure, at least; a quarter of it is the warm-up's.
    var leastTime: Duration
    /// How the bridge is configured.
    var variant: BenchVariant
    /// Whether the brokers are a real cluster, which needs topics.
    var isRealCluster: Bool
    /// Names this measurement, and no other in the same cluster.
    var name: String

    /// A folder for checkpoints.
    var directory: String { NSTemporaryDirectory() + self.name }

    /// The tenant that is measured.
    static let tenant = "bench"

    /// Events per message, as the simulator sends them.
    static let eventsPerMessage = 100
    private static let families = ["routing.queueEvents", "user.presence", "conversation.calls"]

    /// The bridge's configuration, with which bare librdkafka is measured too.
    func configuration() throws -> BridgeConfiguration {
        let variant = self.variant
        let checkpoints =
            switch variant.guarantee {
            case .atLeastOnce: "directory: \"\(self.directory)\""
            case .exactlyOnce: "store: kafkaTopic, topic: \(self.name).checkpoints"
            }
        let interval = variant.commitMilliseconds.map { ", commitInterval: \($0)ms, commitBatches: 65536" } ?? ""
        let yaml = """
            kafka:
              properties:
                bootstrap.servers: "\(self.bootstrapServers)"
                linger.ms: 5
                compression.type: "\(variant.compression)"
            delivery:
              guarantee: \(variant.guarantee.rawValue)
              checkpoints: { \(checkpoints)\(interval) }
            records: { topic: "\(self.name).{tenant}.{family}", headers: \(variant.withHeaders ? "cloudevents" : "none") }
            admin: { listen: off }
            \(variant.channels.map(self.sections) ?? self.streamSections)
            """
        return try ConfigurationLoader().decode(Array(yaml.utf8), file: "bench").configuration
    }

    private var streamSections: String {
        let authority = self.simulator.drop { $0 != ":" }
        let subscriptions = Self.families.map { "      - { event: \($0), allowUnfiltered: true }" }
        return """
            tenants:
              - name: \(Self.tenant)
                endpoints: { login: "http\(authority)", streaming: "ws\(authority)" }
                protocol: stream
                credentials: { clientId: bench-client, clientSecret: bench-secret }
                maxBatchSize: \(Self.eventsPerMessage)
                maxLatency: 100ms
                subscriptions:
            \(subscriptions.joined(separator: "\n"))
            """
    }

    static var quietLogger: Logger {
        LogConfiguration(level: .error, format: .text).makeLogger(label: "bench")
    }
}
