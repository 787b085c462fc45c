/// One filter of a subscription: a field of the event, and the values that pass.
public struct SubscriptionFilter: Hashable, Sendable {
    /// The field, for example `eventType`.
    public var name: String
    /// The values that pass, in the order given.
    public var values: [String]

    /// A filter that lets `values` of `name` pass.
    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }
}
