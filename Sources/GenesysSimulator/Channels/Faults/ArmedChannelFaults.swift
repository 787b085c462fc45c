/// Faults of a tenant's channels that lie in wait for its next requests.
struct ArmedChannelFaults: Equatable {
    /// A topic that the next call finds not permitted.
    struct Rejection: Equatable {
        /// Nil: the last of the call.
        let topic: String?
    }

    /// What becomes of a connection that is otherwise in order.
    enum Connect: Equatable {
        case refuse(status: Int)
        case hang(ReplyDelay)

        var kind: ChannelFaultKind {
            switch self {
            case .refuse: .connectRefused
            case .hang: .connectHang
            }
        }
    }

    /// The answer that a REST call gets.
    struct RateLimit: Equatable {
        let retryAfterSeconds: Int?
    }

    private static let countMax = 10_000

    private var rejections: [Rejection] = []
    private var connects: [Connect] = []
    private var rateLimits: [RateLimit] = []

    /// False when the fault is not one of a request.
    mutating func arm(_ fault: ChannelFault) -> Bool {
        switch fault {
        case .subscriptionRejected(let topic, let count): Self.add(Rejection(topic: topic), count, to: &self.rejections)
        case .connectRefused(let status, let count): Self.add(.refuse(status: status), count, to: &self.connects)
        case .connectHang(let count, let duration):
            Self.add(.hang(duration.map { .milliseconds($0) } ?? .forever), count, to: &self.connects)
        case .restRateLimited(let count, let seconds):
            Self.add(RateLimit(retryAfterSeconds: seconds), count, to: &self.rateLimits)
        case .channelClosed, .channelReset, .socketClosing, .channelSilent, .tokenRevoked, .channelDeleted,
            .channelEvicted, .subscriptionResult, .unknownSystemEvent, .malformedMessage, .binaryMessage, .hugeMessage:
            return false
        }
        return true
    }

    /// - Parameter topics: those of the call.
    /// - Returns: the one that is not permitted.
    mutating func takeRejection(among topics: [String]) -> String? {
        guard let first = self.rejections.first, let topic = first.topic ?? topics.last, topics.contains(topic) else {
            return nil
        }
        self.rejections.removeFirst()
        return topic
    }

    mutating func takeConnect() -> Connect? { self.connects.isEmpty ? nil : self.connects.removeFirst() }
    mutating func takeRateLimit() -> RateLimit? { self.rateLimits.isEmpty ? nil : self.rateLimits.removeFirst() }

    private static func add<Element>(_ element: Element, _ count: Int, to list: inout [Element]) {
        list += Array(repeating: element, count: max(0, min(count, Self.countMax - list.count)))
    }
}
