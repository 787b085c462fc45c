import BridgeCore

/// A server without a pre-flight.
struct NoPreflight: SubscriptionValidator {
    func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome { .missing }
}
