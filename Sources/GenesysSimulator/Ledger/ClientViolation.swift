/// What a client must not do.
public enum ClientViolation: String, Sendable, CaseIterable {
    /// A frame without a mask (RFC 6455 section 5.1); the stream is closed with 1002.
    case unmaskedFrame
    /// A text or binary frame: there is nothing to say on this socket. Ignored.
    case dataFrame
    /// Reserved bits, an unknown opcode or a malformed control frame; the stream is closed with 1002.
    case malformedFrame
    /// A ping sooner after the last than the setting allows.
    case pingTooOften
    /// A reserved character stood bare in a query value (S1.2).
    case queryNotEncoded
    /// An upgrade attempt from a blocked address (S3.4).
    case upgradeDuringHoldOff
    /// A REST call after a 429, before its time was over: that of the token's budget, or of the `Retry-After` that was asked for.
    case restDuringLimit
}
