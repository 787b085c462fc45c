/// What one tenant is doing beside its streams, at one moment.
public struct TenantSnapshot: Hashable, Sendable {
    /// How many subscriptions it has, after discovery.
    public var subscriptionCount = 0
    /// What fits on no socket.
    public var unplaceable: [String] = []
    /// Why the subscriptions stay as they were although others are wanted; nil: they do not.
    public var planRefusal: String?
    /// Why resources could not be listed the last time; nil where they were.
    public var listFailure: String?
    /// What is looked for and was not there the last time, in words: `queues named "Sales*"`.
    public var unmatched: [String] = []
    /// Why it stands still until a person mends it.
    public var failure: String?

    /// A tenant that has not begun.
    public init() {}
}
