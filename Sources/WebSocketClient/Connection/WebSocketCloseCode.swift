/// A code that a client may send in a close frame (RFC 6455 section 7.4).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    /// The number on the wire.
    public let rawValue: UInt16

    /// Nil for a code that may not be sent: only 1000–1003, 1007–1014 and 3000–4999 may.
    public init?(rawValue: UInt16) {
        guard PeerClose(code: rawValue, reason: "").isCodeValid else { return nil }
        self.rawValue = rawValue
    }

    private init(known rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 1000: done.
    public static let normalClosure = Self(known: 1000)
    /// 1001: this side goes away.
    public static let goingAway = Self(known: 1001)
    /// 1002: the peer broke the protocol.
    public static let protocolError = Self(known: 1002)
    /// 1003: data of a kind that cannot be accepted.
    public static let unacceptableData = Self(known: 1003)
    /// 1007: data that is not what its type says.
    public static let invalidData = Self(known: 1007)
    /// 1008: the peer broke a policy.
    public static let policyViolation = Self(known: 1008)
    /// 1009: a message too big to process.
    public static let messageTooBig = Self(known: 1009)
    /// 1011: an unexpected condition.
    public static let internalError = Self(known: 1011)
}
