/// The paths of the public notification service.
enum ChannelRoute: Equatable {
    case channels
    case channel(String)
    case subscriptions(String)
    case availableTopics

    static let pathPrefix = "/api/v2/notifications/channels"

    init?(path: String) {
        if path == "/api/v2/notifications/availabletopics" {
            self = .availableTopics
            return
        }
        guard path.hasPrefix(Self.pathPrefix) else { return nil }
        let rest = path.dropFirst(Self.pathPrefix.count).split(separator: "/", omittingEmptySubsequences: false)
        switch rest.count {
        case 1 where rest[0].isEmpty: self = .channels
        case 2 where rest[0].isEmpty && !rest[1].isEmpty: self = .channel(String(rest[1]))
        case 3 where rest[0].isEmpty && rest[2] == "subscriptions": self = .subscriptions(String(rest[1]))
        case _: return nil
        }
    }

    /// The name that calls are counted under.
    var name: String {
        switch self {
        case .channels: "channels"
        case .channel: "channel"
        case .subscriptions: "channelSubscriptions"
        case .availableTopics: "availableTopics"
        }
    }
}
