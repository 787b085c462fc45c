import BridgeCore
import GenesysCloud
import Testing

@Suite
struct StreamURLTests {
    private static let endpoint = Endpoint(host: "api.mypurecloud.de")
    private static let queue = SubscriptionTopic(
        event: "routing.queueEvents",
        resourceID: "abc-123",
        filters: [SubscriptionFilter(name: "eventType", values: ["QUEUE_ADD", "QUEUE_REMOVE"])]
    )

    private static func url(
        token: String = "t",
        _ subscriptions: [SubscriptionTopic] = [],
        _ position: Position? = nil
    ) -> StreamURL {
        StreamURL(
            endpoint: Self.endpoint,
            token: Secret(token),
            subscriptions: subscriptions,
            settings: StreamSettings(maxBatchSize: 100, maxLatencyMilliseconds: 5000),
            position: position
        )
    }

    @Test("Each subscription is a parameter of its own, and everything stands in a fixed order (S1.2)")
    func wholeURL() {
        let presence = SubscriptionTopic(event: "users.presence", allowUnfiltered: true)
        let url = Self.url([Self.queue, presence], Position(kind: .lastEventId, value: "e 1"))
        #expect(
            url.requestTarget.revealed == "/api/v2/notifications/stream?access_token=t"
                + "&subscriptions=%5B%7B%22event%22%3A%22routing.queueEvents%22%2C%22resourceId%22%3A%22abc-123%22%2C"
                + "%22filters%22%3A%7B%22eventType%22%3A%5B%22QUEUE_ADD%22%2C%22QUEUE_REMOVE%22%5D%7D%7D%5D"
                + "&subscriptions=%5B%7B%22event%22%3A%22users.presence%22%7D%5D"
                + "&maxBatchSize=100&maxLatency=5000&lastEventId=e%201"
        )
        #expect(url.byteCount == "wss://api.mypurecloud.de".utf8.count + url.requestTarget.revealed.utf8.count)
    }

    @Test("A position goes back under the name it came from, and is left out where there is none (S2.2)")
    func positions() {
        let byTime = Self.url([], Position(kind: .timestamp, value: "2026-11-23T10:00:00.000Z")).requestTarget.revealed
        #expect(byTime.hasSuffix("&timestamp=2026-11-23T10%3A00%3A00.000Z"))
        #expect(!byTime.contains("lastEventId"))
        #expect(Self.url().requestTarget.revealed.hasSuffix("&maxLatency=5000"))
    }

    @Test("Only RFC 3986's unreserved characters stay bare (S1.2)")
    func encoding() {
        let ascii = String(decoding: UInt8(0)...0x7F, as: UTF8.self)
        let target = Self.url(token: ascii + "é😀").requestTarget.revealed
        let value = target.dropFirst("/api/v2/notifications/stream?access_token=".count).prefix { $0 != "&" }
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let expected = (ascii + "é😀").utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return unreserved.contains(byte)
                ? String(Unicode.Scalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }
        #expect(value == expected.joined())
    }

    @Test("A subscription's JSON is what S1.3 shows, and escapes what JSON asks for")
    func json() throws {
        #expect(
            Self.queue.json
                == #"[{"event":"routing.queueEvents","resourceId":"abc-123","#
                + #""filters":{"eventType":["QUEUE_ADD","QUEUE_REMOVE"]}}]"#
        )
        let odd = SubscriptionTopic(
            event: "a\"b\\c\u{1}\n",
            resourceID: "é/😀",
            filters: [SubscriptionFilter(name: "z", values: []), SubscriptionFilter(name: "a", values: ["\u{7F}"])]
        )
        #expect(odd.json == #"[{"event":"a\"b\\c\u0001\u000a","resourceId":"é/😀","filters":{"z":[],"a":["\#u{7F}"]}}]"#)
        let value = try #require(ReferenceParser.parse(Array(odd.json.utf8)))
        guard case .array(let entries) = value.meaning else {
            Issue.record("not an array")
            return
        }
        #expect(entries[0].member("event")?.nonEmptyText == "a\"b\\c\u{1}\n")
    }

    @Test("A subscription to everything must say that this is meant")
    func unfiltered() {
        #expect(SubscriptionTopic(event: "users.presence").isUnfilteredByMistake)
        #expect(!SubscriptionTopic(event: "users.presence", allowUnfiltered: true).isUnfilteredByMistake)
        #expect(!SubscriptionTopic(event: "users.presence", resourceID: "1").isUnfilteredByMistake)
        #expect(!Self.queue.isUnfilteredByMistake)
    }

    @Test("No way of printing a URL shows the token (S1.6)")
    func secrecy() {
        let url = Self.url(token: "s3cret", [Self.queue])
        var dumped = ""
        dump(url, to: &dumped)
        for text in ["\(url)", String(reflecting: url), "\([url])", dumped, "\(Optional(url) as Any)"] {
            #expect(!text.contains("s3cret"))
        }
        #expect("\(url)" == "wss://api.mypurecloud.de/api/v2/notifications/stream")
    }

    @Test("What is planned has room for a token and a position (S3.5)")
    func planned() {
        let planned = StreamURL.plannedByteCount(
            endpoint: Self.endpoint,
            subscriptions: [Self.queue],
            settings: StreamSettings(maxBatchSize: 100, maxLatencyMilliseconds: 5000)
        )
        let token = String(repeating: "t", count: StreamURL.tokenByteAllowance)
        let value = String(repeating: "p", count: StreamURL.positionByteAllowance - "&lastEventId=".count)
        #expect(Self.url(token: token, [Self.queue], Position(kind: .lastEventId, value: value)).byteCount == planned)
    }

    @Test("What a URL costs is what it costs empty, and what each subscription adds (S3.5)")
    func costs() {
        let settings = StreamSettings(maxBatchSize: 100, maxLatencyMilliseconds: 5000)
        let odd = SubscriptionTopic(event: "é/😀", filters: [SubscriptionFilter(name: "a\"", values: ["", "&"])])
        let topics = [Self.queue, odd, SubscriptionTopic(event: "users.presence")]
        let base = StreamURL.baseByteCount(endpoint: Self.endpoint, settings: settings)
        let sum = topics.reduce(base) { $0 + StreamURL.byteCount(of: $1) }
        #expect(
            sum == StreamURL.plannedByteCount(endpoint: Self.endpoint, subscriptions: topics, settings: settings)
        )
        let allowances = StreamURL.tokenByteAllowance + StreamURL.positionByteAllowance
        #expect(sum - allowances == Self.url(token: "", topics).byteCount)
    }
}
