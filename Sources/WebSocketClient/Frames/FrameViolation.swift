/// Why the peer's bytes fail the connection (RFC 6455 section 7.1.7), with the close code that says so.
struct FrameViolation: Error, Equatable, Sendable {
    /// 1002 (protocol error), 1007 (data that is not what its type says) or 1009 (too big).
    let code: UInt16
    /// What is wrong, for a log. Never holds received bytes.
    let reason: String

    static func protocolError(_ reason: String) -> Self { Self(code: 1002, reason: reason) }
    static func invalidData(_ reason: String) -> Self { Self(code: 1007, reason: reason) }
    static func tooBig(_ reason: String) -> Self { Self(code: 1009, reason: reason) }
}
