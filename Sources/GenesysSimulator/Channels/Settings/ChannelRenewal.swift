/// When a `PUT` of subscriptions moves the end of a channel's life.
public enum ChannelRenewal: String, Sendable, Equatable, CaseIterable {
    case always
    /// Not when the topics are those that it has already.
    case whenTopicsChange
    case never
}
