/// How a channel's subscriptions are changed.
public enum SubscriptionMode: Hashable, Sendable {
    /// `PUT`: these and no others.
    case replace
    /// `POST`: these too.
    case add
}
