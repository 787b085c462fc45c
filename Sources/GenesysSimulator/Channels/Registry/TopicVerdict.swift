/// What becomes of one topic that is asked for.
enum TopicVerdict: Equatable {
    case permitted(ChannelSubscription)
    /// There is no such topic.
    case unknown(id: String)
    case forbidden(id: String, reason: String, missingPermissions: [String])

    var subscription: ChannelSubscription? {
        if case .permitted(let subscription) = self { return subscription }
        return nil
    }
}
