import AsyncHTTPClient
import BridgeOperations
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@testable import genesys_kafka_bridge

/// What a running bridge shows of itself.
@Suite("The status page", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct StatusTests {
    @Test("counts fragmented messages, events without a resource and repeated events of each tenant (S2.6, S2.8, S4.9)")
    func counters() async throws {
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex"], admin: "127.0.0.1:0")) { scene in
            let bridge = try scene.bridge()
            try await eventually("the first events in Kafka") { await scene.delivered() >= 100 }
            let url = "http://127.0.0.1:\(try await Self.port(bridge))/status"
            #expect(try await Self.acme(url).counters.fragmentedMessages == 0)
            try await scene.inject(#"{"fault":"fragmentation","tenant":"acme","count":7}"#)
            try await eventually("fragmented messages are counted") {
                try await Self.acme(url).counters.fragmentedMessages >= 7
            }
            try await scene.inject(#"{"fault":"eventWithoutResource","tenant":"acme","count":3}"#)
            try await eventually("events without a resource are counted") {
                try await Self.acme(url).counters.eventsWithoutKey >= 3
            }
            try await scene.inject(#"{"fault":"duplicateBatch","tenant":"acme","count":2}"#)
            try await eventually("repeated events are counted") {
                try await Self.acme(url).counters.repeatedEvents > 0
            }
            let report = try await Self.report(url)
            let acme = try #require(report.tenants.first { $0.name == "acme" }).counters
            let globex = try #require(report.tenants.first { $0.name == "globex" }).counters
            #expect(acme.messages > 7 && acme.events >= 100)
            #expect(globex.messages > 0 && globex.fragmentedMessages == 0 && globex.repeatedEvents == 0)
            let page = try await scene.ask(bridge, "/metrics").body
            let later = try await Self.acme(url).counters.events
            let metric = try #require(Self.value(of: #"genesys_bridge_events_received_total{tenant="acme"}"#, page))
            #expect((Double(acme.events)...Double(later)).contains(metric), "\(acme.events) \(metric) \(later)")
            #expect(Self.value(of: #"genesys_bridge_tenant_ready{tenant="globex"}"#, page) == 1)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }

    private static func value(of series: String, _ page: String) -> Double? {
        page.split(separator: "\n").first { $0.hasPrefix(series + " ") }.flatMap {
            Double($0.dropFirst(series.count + 1))
        }
    }

    /// The port that the kernel chose for the admin server.
    private static func port(_ bridge: RunningProcess) async throws -> Int {
        let words = "admin server listens on 127.0.0.1:"
        try await eventually("the admin server listens") { bridge.errors.contains(words) }
        let text = try #require(bridge.errors.firstRange(of: words).map { bridge.errors[$0.upperBound...] })
        return try #require(Int(text.prefix { $0.isNumber }))
    }

    private static func acme(_ url: String) async throws -> TenantHealth {
        try #require(try await Self.report(url).tenants.first { $0.name == "acme" })
    }

    private static func report(_ url: String) async throws -> HealthReport {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(120))
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(HealthReport.self, from: Data(body.readableBytesView))
    }
}
