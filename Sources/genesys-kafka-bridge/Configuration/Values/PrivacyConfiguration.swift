import BridgeCore
import GenesysCloud

/// What is hidden of a tenant's events.
struct PrivacyConfiguration: Hashable, Sendable {
    /// Each hides something; the families differ as they are written.
    var rules: [RedactionRule] = []
    /// There wherever a rule hashes.
    var hashKey: Secret?
}
