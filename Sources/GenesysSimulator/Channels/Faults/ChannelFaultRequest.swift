/// The body of `POST /simulator/faults` for a fault of the public notification service.
struct ChannelFaultRequest: Decodable {
    let fault: ChannelFaultKind
    let tenant: String?
    /// Hit one open socket of each tenant, and not all of them.
    let one: Bool?
    /// Hit the socket of this channel.
    let channel: String?
    let count: Int?
    let status: Int?
    let durationMilliseconds: Int?
    let code: UInt16?
    let retryAfterSeconds: Int?
    let bytes: Int?
    /// Of ``ChannelFault/socketClosing(leadMilliseconds:warns:)``.
    let warns: Bool?
    /// Of ``ChannelFault/subscriptionRejected(topic:count:)``.
    let topic: String?

    /// Nil when a number is out of its range.
    var requested: ChannelFault? {
        guard (1...1_000_000_000).contains(self.count ?? 1), (400...599).contains(self.status ?? 404),
            (1...256 << 20).contains(self.bytes ?? 1), (0...86_400).contains(self.retryAfterSeconds ?? 0),
            (0...86_400_000).contains(self.durationMilliseconds ?? 0)
        else { return nil }
        let count = self.count ?? 1
        return switch self.fault {
        case .channelClosed: .channelClosed(code: self.code ?? 1000)
        case .channelReset: .channelReset
        case .socketClosing:
            .socketClosing(leadMilliseconds: self.durationMilliseconds, warns: self.warns ?? true)
        case .channelSilent: .channelSilent(durationMilliseconds: self.durationMilliseconds)
        case .tokenRevoked: .tokenRevoked
        case .channelDeleted: .channelDeleted
        case .channelEvicted: .channelEvicted
        case .subscriptionResult: .subscriptionResult
        case .unknownSystemEvent: .unknownSystemEvent
        case .malformedMessage: .malformedMessage
        case .binaryMessage: .binaryMessage
        case .hugeMessage: .hugeMessage(bytes: self.bytes ?? 16 << 20)
        case .subscriptionRejected: .subscriptionRejected(topic: self.topic, count: count)
        case .connectRefused: .connectRefused(status: self.status ?? 503, count: count)
        case .connectHang: .connectHang(count: count, durationMilliseconds: self.durationMilliseconds)
        case .restRateLimited: .restRateLimited(count: count, retryAfterSeconds: self.retryAfterSeconds)
        }
    }
}
