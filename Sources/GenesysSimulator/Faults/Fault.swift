/// Something that goes wrong on purpose. Those of a stream hit every open stream of the tenant, the others lie in wait for
/// the tenant's next request. Each counts when it takes effect on a living connection, not when it is asked for.
public enum Fault: Sendable, Hashable {
    // MARK: The end of streams

    /// The stream's token expires and the stream is closed with 4001 "token_expired" (S4.4).
    case tokenExpired
    /// The stream is closed with 1001, as a node does that goes away (S4.5).
    case goingAway
    /// A rolling restart (S4.5): the streams of one node after another are closed with this code (1001, 1012), a node each
    /// interval. Streams that come back may land on a node that is still to go.
    case drain(code: UInt16, intervalMilliseconds: Int)
    /// The TCP connection is reset, whatever is still unsent (S4.5).
    case reset
    /// The stream is closed with this code (429 and 4429 are the guide's; 1008 and 1013 say so in their reason), and no upgrade
    /// from the client's address succeeds for so long (without it: the retry-after, or 60 s): each attempt is answered with 429
    /// and recorded as a violation (S3.4).
    case rateLimited(code: UInt16, retryAfterSeconds: Int?, blockMilliseconds: Int? = nil)
    /// The TCP connection is reset when no byte went either way for so long, as a proxy does (S6.2).
    case idleTimeout(milliseconds: Int)

    // MARK: What streams do

    /// No data, no heartbeat and no pong, for so long or until the connection closes (S4.6). Reading goes on.
    case stall(durationMilliseconds: Int?)
    /// No data, no heartbeat and no pong until the connection closes; with `reads` false nothing is read either, not even a close frame.
    case halfOpen(reads: Bool)
    /// Everything goes out in pieces of so many bytes, one each interval, for so long or until the connection closes.
    case slowWrite(bytes: Int, intervalMilliseconds: Int, durationMilliseconds: Int?)
    /// The client's bytes are read in pieces of so many, one each interval, for so long or until the connection closes.
    case slowRead(bytes: Int, intervalMilliseconds: Int, durationMilliseconds: Int?)
    /// So many pings at once, each with a payload of so many bytes, 125 at the most.
    case serverPing(count: Int, bytes: Int)

    // MARK: Messages

    /// The next messages are cut into fragments at arbitrary bytes, with pings in between (S2.6).
    case fragmentation(messages: Int, seed: UInt64)
    /// The next messages are not JSON, and are when they are sent again.
    case invalidJSON(messages: Int)
    /// The next messages have a byte that is not UTF-8, and have none when they are sent again.
    case invalidUTF8(messages: Int)
    /// The next message has at least so many bytes, 256 MiB at the most, and has not when it is sent again.
    case oversizedMessage(bytes: Int)
    /// The next message with events is unreadable, and every message with its last event is, until it was sent so many times (S2.7).
    case poison(times: Int, damage: MessageDamage = .invalidJSON)
    /// The next messages with events are sent twice, byte for byte (S4.9).
    case duplicateBatch(messages: Int)

    // MARK: Events

    /// One event in each of the next messages has a name that nobody subscribed to, in every replay, too (S2.8).
    case unsubscribedEvent(messages: Int)
    /// One event in each of the next messages has no `event`, in every replay, too (S2.8).
    case eventWithoutName(messages: Int)
    /// One event in each of the next messages has no `resourceId`, in every replay, too (S2.8).
    case eventWithoutResource(messages: Int)
    /// One event in each of the next messages has no `eventId`, in every replay, too (S4.9).
    case eventWithoutIdentifier(messages: Int)

    // MARK: Resources

    /// A resource is deleted, one of the seed's choice unless it is named. Handshakes that name it fail; streams that do go on
    /// without it, or are closed with 400 (S5.1).
    case resourceDeleted(resourceId: String?, closesStreams: Bool)
    /// The same for a resource that the client may not have any more. It goes on making events.
    case resourceForbidden(resourceId: String?, closesStreams: Bool)

    // MARK: Upgrades

    /// The next upgrades that are otherwise in order are answered with this HTTP status.
    case rejectUpgrade(status: Int, count: Int)
    /// The next upgrades are answered after so long, or never.
    case upgradeHang(count: Int, durationMilliseconds: Int?)
    /// The next upgrades are answered with HTTP 429, and block the client's address as
    /// ``rateLimited(code:retryAfterSeconds:blockMilliseconds:)`` does.
    case rateLimitedUpgrade(count: Int, retryAfterSeconds: Int?, blockMilliseconds: Int? = nil)
    /// The next upgrades are answered with 403, for want of the scope (S1.7).
    case scopeRemoved(count: Int)
    /// The next upgrades fail as if one of their subscriptions were not valid (S5.1).
    case invalidSubscription(count: Int)
    /// The next resumes give the last event before the position again (S4.9).
    case inclusiveReplay(count: Int)
    /// The next resumes are told that their position is gone (S4.10).
    case positionLost(count: Int, form: PositionLossForm = .gone)

    // MARK: Requests

    /// The next token requests are refused with this HTTP status, 400 or 401.
    case tokenRefused(status: Int, count: Int)
    /// The next token requests are answered with this HTTP status, 500 or above.
    case tokenServerError(status: Int, count: Int)
    /// The next token requests are answered after so long, or never.
    case tokenHang(count: Int, durationMilliseconds: Int?)
    /// The next REST calls are answered with this HTTP status.
    case restServerError(status: Int, count: Int)
    /// The next REST calls are answered after so long, or never.
    case restHang(count: Int, durationMilliseconds: Int?)
}
