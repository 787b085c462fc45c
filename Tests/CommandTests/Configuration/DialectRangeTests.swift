import BridgeCore
import Testing
import WebSocketClient

@testable import genesys_kafka_bridge

/// What the dialect asks of a configuration: ranges, and what must not be subscribed to by accident.
@Suite("Ranges of the dialect")
struct DialectRangeTests {
    /// The errors of a tenant with `line` in it.
    private static func errors(tenant line: String, head: String = "") -> [String] {
        let text = Fixture.minimal.replacing("    protocol: stream\n", with: "    protocol: stream\n    \(line)\n")
        return Fixture.errors("\(head)\n\(text)")
    }

    @Test(
        "maxBatchSize and maxLatency have ranges (S3.1)",
        arguments: [
            ("maxBatchSize: 0", "maxBatchSize: \"0\" is out of range"),
            ("maxBatchSize: 1001", "maxBatchSize: \"1001\" is out of range"),
            ("maxBatchSize: -1", "maxBatchSize: \"-1\" is out of range"), ("maxBatchSize: 1", nil),
            ("maxBatchSize: 1000", nil), ("maxLatency: 9ms", "maxLatency: \"9ms\" is out of range"),
            ("maxLatency: 0s", "maxLatency: \"0s\" is out of range"), ("maxLatency: 10ms", nil),
        ] as [(String, String?)]
    )
    func ranges(line: String, expected: String?) {
        let lines = Self.errors(tenant: line)
        #expect(lines.count == (expected == nil ? 0 : 1), "\(lines)")
        if let expected { #expect(lines.first?.contains("tenants[0].\(expected)") == true, "\(lines)") }
    }

    @Test("maxLatency is below proxyIdleTimeout, which is 60 s unless set (S3.1)")
    func belowProxyIdleTimeout() throws {
        #expect(try Fixture.load(Fixture.minimal).configuration.connection.proxyIdleTimeout == .seconds(60))
        #expect(Self.errors(tenant: "maxLatency: 59999ms") == [])
        let lines = Self.errors(tenant: "maxLatency: 60s")
        #expect(lines.count == 1)
        #expect(
            lines.first?.contains("tenants[0].maxLatency: 1m must be below connection.proxyIdleTimeout (1m)") == true
        )
        #expect(Self.errors(tenant: "maxLatency: 60s", head: "connection: { proxyIdleTimeout: 61s }") == [])
    }

    @Test(
        "a subscription without resource and filters is refused, unless it says that this is meant (S3.2)",
        arguments: [
            ("{ event: e }", false), ("{ event: e, allowUnfiltered: false }", false),
            ("{ event: e, allowUnfiltered: true }", true), ("{ event: e, resourceId: r }", true),
            ("{ event: e, filters: { a: b } }", true), ("{ event: e, resources: queues }", true),
        ]
    )
    func unfiltered(subscription: String, isAccepted: Bool) {
        let text = Fixture.minimal.replacing("{ event: routing.queueEvents, resourceId: abc-123 }", with: subscription)
        let lines = Fixture.errors(text)
        #expect(lines.isEmpty == isAccepted, "\(lines)")
        let reason = "tenants[0].subscriptions[0].event: without resourceId and filters this brings the events"
        if !isAccepted { #expect(lines.count == 1 && lines[0].contains(reason), "\(lines)") }
    }

    @Test(
        "a field that no subscription has is met with its path and the nearest one that it has (S1.3)",
        arguments: [
            ("{ event: e, resourceID: r }", "12: tenants[0].subscriptions[0].resourceID", "did you mean `resourceId`?"),
            ("{ event: e, resourceId: r, filter: { a: b } }", "27: tenants[0].subscriptions[0].filter", "`filters`?"),
            ("{ event: e, resourceId: r, evnt: e }", "27: tenants[0].subscriptions[0].evnt", "did you mean `event`?"),
            (
                "{ event: e, resourceId: r, allowUnfilterd: true }", "27: tenants[0].subscriptions[0].allowUnfilterd",
                "`allowUnfiltered`?"
            ),
            (
                "{ event: e, resourceId: r, theme: t }", "27: tenants[0].subscriptions[0].theme",
                "known here: event, topic, resourceId"
            ),
            (
                "{ event: e, resourceId: r, \"\\u001b[2J\": t }", "27: tenants[0].subscriptions[0].\\u{1b}[2J",
                "unknown key"
            ),
        ]
    )
    func unknownFields(subscription: String, place: String, remedy: String) {
        let text = Fixture.minimal.replacing("{ event: routing.queueEvents, resourceId: abc-123 }", with: subscription)
        let lines = Fixture.errors(text)
        let column = place.split(separator: ":").first.flatMap { Int($0) } ?? 0
        let path = place.drop { $0 != ":" }
        let unknown = lines.filter { $0.contains("unknown key") }
        #expect(unknown.count == 1, "\(lines)")
        #expect(unknown.first?.hasPrefix("bridge.yaml:8:\(column + 9)\(path): unknown key") == true, "\(lines)")
        #expect(unknown.first?.contains(remedy) == true, "\(lines)")
    }

    @Test("a ping interval under 5 s is refused: the server may call it a violation (S4.6)")
    func pingInterval() throws {
        let lines = Fixture.errors(Fixture.with("connection: { pingInterval: 4999ms, pongTimeout: 1s }"))
        #expect(
            lines.count == 1 && lines[0].contains("connection.pingInterval: \"4999ms\" is out of range"),
            "\(lines)"
        )
        #expect(Fixture.errors(Fixture.with("connection: { pingInterval: 5s, pongTimeout: 1s }")) == [])
    }

    @Test("compression is off unless asked for (S2.9)")
    func compression() throws {
        let plain = try Fixture.load(Fixture.minimal).configuration.connection
        #expect(plain.compression == .off)
        #expect(SourceSettings.webSocket(plain, deadLetterBytesMax: 1).compression == .off)
        let text = Fixture.with("connection: { compression: permessage-deflate }")
        let asked = try Fixture.load(text).configuration.connection
        #expect(SourceSettings.webSocket(asked, deadLetterBytesMax: 1).compression == .permessageDeflate())
    }
}
