import BridgeCore
import NIOCore
import Testing
import WebSocketClient

@testable import GenesysCloud

@Suite
struct StreamCloseCodesTests {
    private static let invalid = "Invalid subscription: resource not found or insufficient permissions"

    @Test(
        "A close code says what to do next (S3.4, S4.4, S4.5, S4.10, S5.1)",
        arguments: [
            (4001, "token_expired", .tokenExpired),
            (4001, "", .tokenExpired),
            (429, "", .throttled(retryAfterSeconds: nil, reason: "closed with 429")),
            (429, "retry-after: 30", .throttled(retryAfterSeconds: 30, reason: "closed with 429: retry-after: 30")),
            (4429, "slow down", .throttled(retryAfterSeconds: nil, reason: "closed with 4429: slow down")),
            (
                1008, "Rate limit exceeded",
                .throttled(retryAfterSeconds: nil, reason: "closed with 1008: Rate limit exceeded")
            ),
            (
                1013, "too many requests, retry-after: 5",
                .throttled(retryAfterSeconds: 5, reason: "closed with 1013: too many requests, retry-after: 5")
            ),
            (1008, "policy", .lost(reason: "closed with 1008: policy")),
            (1013, "try again later", .lost(reason: "closed with 1013: try again later")),
            (400, invalid, .subscriptionsRejected(reason: "closed with 400: \(invalid)")),
            (400, "", .subscriptionsRejected(reason: "closed with 400")),
            (400, "lastEventId expired", .positionLost(reason: "closed with 400: lastEventId expired")),
            (400, "LASTEVENTID unknown", .positionLost(reason: "closed with 400: LASTEVENTID unknown")),
            (
                400, "Invalid subscription: routing.queuePosition",
                .subscriptionsRejected(reason: "closed with 400: Invalid subscription: routing.queuePosition")
            ),
            (410, "gone", .positionLost(reason: "closed with 410: gone")),
            (
                429, "RETRY-AFTER:  7s",
                .throttled(retryAfterSeconds: 7, reason: "closed with 429: RETRY-AFTER:  7s")
            ),
            (
                429, "Retry-After: 99999999999999999999",
                .throttled(retryAfterSeconds: 86_400, reason: "closed with 429: Retry-After: 99999999999999999999")
            ),
            (
                429, "retry-after: soon",
                .throttled(retryAfterSeconds: nil, reason: "closed with 429: retry-after: soon")
            ),
            (1008, "RATE_LIMIT", .throttled(retryAfterSeconds: nil, reason: "closed with 1008: RATE_LIMIT")),
            (0, "", .lost(reason: "closed with 0")),
            (999, "x", .lost(reason: "closed with 999: x")),
            (4000, "", .lost(reason: "closed with 4000")),
            (65_535, "", .lost(reason: "closed with 65535")),
            (1000, "bye", .lost(reason: "closed with 1000: bye")),
            (1001, "drain", .lost(reason: "closed with 1001: drain")),
            (1012, "", .lost(reason: "closed with 1012")),
            (4999, "retry-after: 30", .lost(reason: "closed with 4999: retry-after: 30")),
            (nil, "", .lost(reason: "closed without a code")),
        ] as [(UInt16?, String, ConnectionEnd)]
    )
    func closeCodes(code: UInt16?, reason: String, end: ConnectionEnd) {
        #expect(StreamCloseCodes.end(of: .peerClosed(code: code, reason: reason)) == end)
    }

    @Test("An end of our own making or of the transport says what to do next (S4.5)")
    func otherEnds() {
        #expect(
            StreamCloseCodes.end(of: .protocolError(code: 1002, description: "x")) == .lost(reason: "protocol error: x")
        )
        #expect(StreamCloseCodes.end(of: .transport(description: "reset")) == .lost(reason: "reset"))
        #expect(StreamCloseCodes.end(of: .closedByUs(code: 1001)) == .lost(reason: "closed by us with 1001"))
    }

    @Test("A reason is safe to print")
    func safeReasons() {
        let end = StreamCloseCodes.end(
            of: .peerClosed(code: 1001, reason: "a\n\u{1B}b t0ken"),
            hiding: [Secret("t0ken")]
        )
        #expect(end == .lost(reason: "closed with 1001: a\u{FFFD}\u{FFFD}b <redacted>"))
    }

    private static let topics = [
        SubscriptionTopic(event: "routing.queueEvents", resourceID: "q"), SubscriptionTopic(event: "users.presence"),
        SubscriptionTopic(event: "zebra.stripes"),
    ]

    private static func failure(_ status: Int, _ headers: [(String, String)] = [], _ body: String = "")
        -> ConnectFailure
    {
        let rejection = WebSocketRejection(
            status: status,
            headers: headers.map { WebSocketHeader(name: $0.0, value: $0.1) },
            body: ByteBuffer(string: body),
            isBodyTruncated: false
        )
        return StreamCloseCodes.failure(
            .rejected(rejection),
            of: Self.topics,
            hiding: [Secret("t0ken")],
            nowSeconds: 784_111_740
        )
    }

    @Test("A rejected upgrade says what to do next (S1.7, S4.10, S5.1)")
    func statuses() {
        let json = #"{"message":"\#(Self.invalid)","status":400}"#
        #expect(Self.failure(400, [], json) == .subscriptionsRejected(reason: "HTTP 400: \(Self.invalid)"))
        #expect(Self.failure(400) == .subscriptionsRejected(reason: "HTTP 400"))
        #expect(Self.failure(400, [], "unknown lastEventId") == .positionLost(reason: "HTTP 400: unknown lastEventId"))
        #expect(
            Self.failure(401, [], #"{"code":"bad.credentials"}"#) == .unauthorized(reason: "HTTP 401: bad.credentials")
        )
        #expect(Self.failure(410) == .positionLost(reason: "HTTP 410"))
        #expect(Self.failure(500, [], "<html>t0ken</html>") == .unavailable(reason: "HTTP 500"))
        #expect(Self.failure(503, [], "down, t0ken") == .unavailable(reason: "HTTP 503: down, <redacted>"))
        #expect(Self.failure(200) == .unavailable(reason: "HTTP 200"))
    }

    @Test("A 403 names the scopes that the stream's subscriptions need (S1.7)")
    func forbidden() {
        let scopes = "notification:read, routing:readonly, users:readonly, the scope that zebra.stripes takes"
        #expect(Self.failure(403) == .forbidden(reason: "HTTP 403 (needed: \(scopes))"))
        #expect(
            Self.failure(403, [], #"{"message":"missing.permission for t0ken"}"#)
                == .forbidden(reason: "HTTP 403: missing.permission for <redacted> (needed: \(scopes))")
        )
    }

    @Test("A redirect is an error that says where to, by host alone (S1.6)", arguments: [301, 302, 307, 308])
    func redirects(status: Int) {
        let location = "https://me:t0ken@other.example:8443/login?access_token=t0ken&x=1#y"
        #expect(
            Self.failure(status, [("Location", location)], "moved")
                == .unavailable(reason: "HTTP \(status): a redirect to other.example:8443, which is not followed")
        )
    }

    @Test("A rejected upgrade with 429 says how long to wait, as seconds or as a date (S1.7, S3.4)")
    func throttled() {
        func seconds(_ headers: [(String, String)], _ body: String = "") -> Int? {
            guard case .throttled(let seconds, _) = Self.failure(429, headers, body) else { return -1 }
            return seconds
        }
        #expect(seconds([]) == nil)
        #expect(seconds([("Retry-After", "17")]) == 17)
        #expect(seconds([("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]) == 37)
        #expect(
            seconds([("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), ("Date", "Sun, 06 Nov 1994 08:49:30 GMT")]) == 7
        )
        #expect(seconds([("retry-after", "soon")]) == nil)
        #expect(seconds([], #"{"message":"Rate limit, retry-after: 9"}"#) == 9)
    }

    @Test("Whatever else keeps a socket from opening is worth another try (S1.7)")
    func otherFailures() {
        for error: WebSocketConnectError in [
            .invalidTarget("x"), .resolution("x"), .connection("x"), .proxy("x"), .tls("x"), .timedOut(.tls),
            .badUpgrade("x"),
            .cancelled,
        ] {
            let failure = StreamCloseCodes.failure(error, of: [], hiding: [], nowSeconds: 0)
            #expect(failure == .unavailable(reason: "\(error)"))
        }
    }
}
