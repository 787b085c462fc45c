/// A filter of a subscription: only events whose field `name` has one of `values`.
struct SubscriptionFilter: Hashable, Sendable {
    var name: String
    /// Never empty.
    var values: [String]
}
