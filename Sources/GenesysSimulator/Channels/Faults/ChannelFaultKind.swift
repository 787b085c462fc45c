/// The names that faults of the public notification service are counted under, and that `POST /simulator/faults` takes.
public enum ChannelFaultKind: String, Sendable, Hashable, CaseIterable, Codable {
    // The end of sockets and channels.
    case channelClosed, channelReset, socketClosing, channelSilent, tokenRevoked, channelDeleted, channelEvicted
    // Messages.
    case subscriptionResult, unknownSystemEvent, malformedMessage, binaryMessage, hugeMessage
    // Requests.
    case subscriptionRejected, connectRefused, connectHang, restRateLimited
}
