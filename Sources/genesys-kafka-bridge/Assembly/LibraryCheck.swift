import BridgeCore
import KafkaDelivery
import RDKafka

/// Shows a configuration's Kafka properties to the linked librdkafka, without connecting to anything (spec/delivery.md, Producer).
enum LibraryCheck {
    /// - Throws: what it refuses, each with its place in `file`.
    static func run(_ configuration: BridgeConfiguration, file: String) throws(ConfigurationError) {
        let own = configuration.kafka.properties
        let given = RDKafka.KafkaConfiguration(own.map { ($0.name, $0.value.revealed) })
        var issues = given.refusedProperties().map { Self.issue(own, naming: $0.name, $0.reason) }
        if issues.isEmpty { issues = Self.together(configuration) }
        guard issues.isEmpty else { throw ConfigurationError(file: file, issues: issues) }
    }

    /// What is wrong with the properties together, as the bridge uses them: once.
    private static func together(_ configuration: BridgeConfiguration) -> [ConfigurationIssue] {
        let own = configuration.kafka.properties
        do {
            try Self.producer(configuration).tryClient(isProducer: true)
            try TopicAdmin.client(configuration.kafka).tryClient(isProducer: false)
            return []
        } catch {
            // It names the properties between backticks; one of them may be the bridge's own.
            let named = error.reason.split(separator: "`").map(String.init)
            let culprit = own.first { property in named.contains(property.name) }
            return [
                Self.issue(
                    own,
                    naming: culprit?.name ?? own.first { error.reason.contains($0.name) }?.name,
                    error.reason
                )
            ]
        }
    }

    private static func producer(_ configuration: BridgeConfiguration) -> RDKafka.KafkaConfiguration {
        switch configuration.delivery.guarantee {
        case .atLeastOnce: ProducerSettings.configuration(configuration)
        case .exactlyOnce:
            ProducerSettings.transactional(
                configuration,
                configuration.partition(of: configuration.tenants[0]),
                tenants: [],
                inFlightBytes: configuration.delivery.inFlight.bytes
            ).properties
        }
    }

    private static func issue(_ own: [KafkaProperty], naming name: String?, _ reason: String) -> ConfigurationIssue {
        let property = own.last { $0.name == name }
        let path = property.map { "kafka.properties.\(ControlCharacters.escape(String($0.name.prefix(200))))" }
        return ConfigurationIssue(
            position: property?.position ?? own.first?.position ?? .start,
            keyPath: path ?? "kafka.properties",
            problem: ControlCharacters.escape(reason),
            remedy: property.map(\.name)?.hasSuffix(".location") == true
                ? "name a file that is there and that this user may read; an encrypted key needs the right password"
                : ""
        )
    }
}
