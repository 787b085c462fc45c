import BridgeCore
import GenesysCloud

/// From the configuration to what hides parts of events.
enum PrivacyMap {
    /// The redaction of a tenant's events; nil where nothing is hidden.
    ///
    /// Where nothing is hashed and no key is given, one is drawn: digests of what could not be read are under it, and hold for this process.
    static func redaction(_ tenant: TenantConfiguration) -> Redaction? {
        let privacy = tenant.privacy
        guard !privacy.rules.isEmpty else { return nil }
        let dialect: Redaction.Dialect =
            switch tenant.streamProtocol {
            case .stream: .stream
            case .channels: .channels
            }
        let drawn = (0..<4).map { _ in String(UInt64.random(in: 0 ... .max), radix: 16) }.joined(separator: "-")
        return Redaction(privacy.rules, dialect: dialect, key: privacy.hashKey ?? Secret(drawn))
    }

    /// How a stream's subscription is named.
    static func label(_ redaction: Redaction?) -> @Sendable (SubscriptionTopic) -> String {
        { redaction?.label($0) ?? $0.label }
    }

    /// How a topic of channels is named.
    static func topicLabel(_ redaction: Redaction?) -> @Sendable (String) -> String {
        { redaction?.topicName($0) ?? $0 }
    }
}
