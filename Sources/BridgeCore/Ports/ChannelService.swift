/// The REST calls about channels (section 2 of the dialect). Implemented by the adapter of the platform API, within one budget for each
/// token. Each call ends within the adapter's own deadline; cancelling the task ends it early.
public protocol ChannelService: Sendable {
    /// Makes a channel.
    func create(token: AccessToken) async throws(ChannelFailure) -> NotificationChannel

    /// Changes the channel's subscriptions, a rejected one leaving the others alone. One verdict for each of `topics`, in their order.
    func subscribe(
        _ channel: NotificationChannel,
        to topics: [String],
        mode: SubscriptionMode,
        token: AccessToken
    ) async throws(ChannelFailure) -> [TopicVerdict]

    /// Whether the channel is still valid.
    func isValid(_ channel: NotificationChannel, token: AccessToken) async throws(ChannelFailure) -> Bool
}
