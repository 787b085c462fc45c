/// One entry of a channel's list.
struct ChannelSubscription: Equatable {
    /// As the client named it.
    let id: String
    /// What it stands for: more than one where it is a combined one.
    let topics: [NotificationTopic]
}
