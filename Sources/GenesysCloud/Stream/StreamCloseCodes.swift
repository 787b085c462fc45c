import BridgeCore
import WebSocketClient

/// What the server's close codes and HTTP statuses mean (S1.7, S3.4, S4.4, S4.10, S5.1). Nothing else in the product
/// knows them.
enum StreamCloseCodes {
    /// What to do about the end of an open socket. `secrets` are kept out of the reasons.
    static func end(of close: WebSocketClose, hiding secrets: [Secret] = []) -> ConnectionEnd {
        switch close {
        case .peerClosed(let code, let reason):
            return Self.end(code: code, reason: reason, shown: PeerText.shown(reason, hiding: secrets))
        case .protocolError(_, let description):
            return .lost(reason: "protocol error: \(PeerText.shown(description, hiding: secrets))")
        case .transport(let description):
            return .lost(reason: PeerText.shown(description, hiding: secrets))
        case .closedByUs(let code):
            return .lost(reason: "closed by us with \(code)")
        }
    }

    private static func end(code: UInt16?, reason: String, shown: String) -> ConnectionEnd {
        guard let code else { return .lost(reason: "closed without a code") }
        let text = shown.isEmpty ? "closed with \(code)" : "closed with \(code): \(shown)"
        switch code {
        case 4001:
            return .tokenExpired
        case 429, 4429:
            return .throttled(retryAfterSeconds: RetryAfter.seconds(reason: reason), reason: text)
        case 1008, 1013:
            guard Self.namesRateLimit(reason) else { return .lost(reason: text) }
            return .throttled(retryAfterSeconds: RetryAfter.seconds(reason: reason), reason: text)
        case 400:
            return Self.namesPosition(reason) ? .positionLost(reason: text) : .subscriptionsRejected(reason: text)
        case 410:
            return .positionLost(reason: text)
        default:
            return .lost(reason: text)
        }
    }

    /// What to do about a socket of `topics` that did not come about. `nowSeconds` is the wall clock, in seconds since
    /// 1970, for a `Retry-After` that is a date.
    static func failure(
        _ error: WebSocketConnectError,
        of topics: [SubscriptionTopic],
        hiding secrets: [Secret],
        nowSeconds: Int64
    ) -> ConnectFailure {
        switch error {
        case .rejected(let rejection):
            return Self.failure(RefusedUpgrade(rejection, hiding: secrets), of: topics, nowSeconds: nowSeconds)
        case .invalidTarget, .resolution, .connection, .proxy, .tls, .timedOut, .badUpgrade, .cancelled:
            return .unavailable(reason: PeerText.shown("\(error)", hiding: secrets))
        }
    }

    private static func failure(
        _ refusal: RefusedUpgrade,
        of topics: [SubscriptionTopic],
        nowSeconds: Int64
    ) -> ConnectFailure {
        let text = refusal.text
        switch refusal.status {
        case 400:
            return Self.namesPosition(refusal.message)
                ? .positionLost(reason: text) : .subscriptionsRejected(reason: text)
        case 401:
            return .unauthorized(reason: text)
        case 403:
            return .forbidden(reason: "\(text) (needed: \(RequiredScopes.description(of: topics)))")
        case 410:
            return .positionLost(reason: text)
        case 429:
            return .throttled(
                retryAfterSeconds: refusal.retryAfterSeconds(nowSeconds: nowSeconds),
                reason: text
            )
        default:
            return .unavailable(reason: text)
        }
    }

    /// Whether a reason names a rate limit (S3.4).
    private static func namesRateLimit(_ reason: String) -> Bool {
        Self.contains(
            reason,
            [
                "rate limit", "rate-limit", "rate_limit", "ratelimit", "rate exceeded", "too many", "throttl",
                "retry-after", "429",
            ]
        )
    }

    /// Whether a reason says that the resume point is the trouble (S4.10), not a subscription. Taking a refused
    /// subscription for a lost position would skip events: a reason that S5.1 gives never is.
    private static func namesPosition(_ reason: String) -> Bool {
        Self.contains(reason, ["lasteventid", "last event", "last_event", "position", "resume", "replay"])
            && !Self.contains(reason, ["invalid subscription", "insufficient permission"])
    }

    private static func contains(_ reason: String, _ words: [String]) -> Bool {
        let text = reason.lowercased()
        return words.contains { text.contains($0) }
    }
}
