/// Asks the server which subscriptions it would take (S5.2). Implemented by the adapter of a dialect.
public protocol SubscriptionValidator: Sendable {
    /// One answer for all of `topics`. Bounded by the adapter's own deadline; cancelling the task ends it early.
    func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome
}
