/// Something that goes wrong on purpose. Those of a stream hit every open stream of the tenant, the others lie in wait for
/// the tenant's next request. Each counts when it takes effect on a living connection, not when it is asked for.
public enum Fault: Sendable, Hashable {
    /// The stream's token expires and the stream is closed with 4001 "token_expired" (S4.4).
    case tokenExpired
    /// The stream is closed with 1001, as a node does that is drained (S4.5).
    case goingAway
    /// The TCP connection is reset, whatever is still unsent (S4.5).
    case reset
    /// The next messages are cut into fragments at arbitrary bytes, with pings in between (S2.6).
    case fragmentation(messages: Int, seed: UInt64)
    /// No data, no heartbeat and no pong, for so long or until the connection closes (S4.6). Reading goes on.
    case stall(durationMilliseconds: Int?)
    /// The stream is closed with this code (429 and 4429 are the guide's), and no upgrade of any tenant succeeds for so long:
    /// each attempt is answered with 429 and recorded as a violation (S3.4).
    case rateLimited(code: UInt16, retryAfterSeconds: Int)
    /// The stream is closed with 400 (S5.1).
    case invalidSubscription
    /// The next upgrades that are otherwise in order are answered with this HTTP status.
    case rejectUpgrade(status: Int, count: Int)
    /// The next token requests are answered with this HTTP status.
    case tokenRefusal(status: Int, count: Int)
    /// Like ``stall(durationMilliseconds:)`` without end, and nothing is read either: not even a close frame.
    case halfOpen
    /// The next messages are not JSON: their last brace is another character.
    case invalidJSON(messages: Int)
    /// The next message with events is not JSON, and no message with its last event is, until it was sent so many times (S2.7).
    case poison(times: Int)
    /// The next messages have a byte that is not UTF-8.
    case invalidUTF8(messages: Int)
    /// The next message has at least so many bytes, 256 MiB at the most.
    case oversizedMessage(bytes: Int)
    /// The next resumes give the last event before the position again (S4.9).
    case inclusiveReplay(count: Int)
    /// The next resumes are answered with HTTP 410 (S4.10).
    case positionLost(count: Int)

    /// The name that it is counted under.
    public var kind: FaultKind {
        switch self {
        case .tokenExpired: .tokenExpired
        case .goingAway: .goingAway
        case .reset: .reset
        case .fragmentation: .fragmentation
        case .stall: .stall
        case .rateLimited: .rateLimited
        case .invalidSubscription: .invalidSubscription
        case .rejectUpgrade: .rejectUpgrade
        case .tokenRefusal: .tokenRefusal
        case .halfOpen: .halfOpen
        case .invalidJSON: .invalidJSON
        case .poison: .poison
        case .invalidUTF8: .invalidUTF8
        case .oversizedMessage: .oversizedMessage
        case .inclusiveReplay: .inclusiveReplay
        case .positionLost: .positionLost
        }
    }
}
