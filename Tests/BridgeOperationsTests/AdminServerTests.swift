import AsyncHTTPClient
import BridgeOperations
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Testing

@Suite("The admin server", .timeLimit(.minutes(1)))
struct AdminServerTests {
    private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private static let tenant = TenantHealth(
        name: "acme",
        ready: true,
        state: "streaming",
        committedPosition: "position-1",
        committedPositionAgeSeconds: 0.25,
        oldestUnacknowledgedAgeSeconds: .infinity,
        inFlightBytes: 12,
        reconnects: 3,
        spool: SpoolHealth(bytes: 31, bytesMax: 32, entries: 33, oldestAgeSeconds: 0.5, droppedBatches: 34),
        gaps: ["restart": GapHealth(records: 2, seconds: 1.5)],
        counters: TenantCounters(
            messages: 21,
            fragmentedMessages: 2,
            unreadableMessages: 3,
            deadLetteredMessages: 4,
            messagesWithoutPosition: 5,
            events: 67,
            repeatedEvents: 7,
            eventsWithoutKey: 8,
            eventsWithFallbackKey: 3,
            deadLetteredEvents: 9,
            acknowledgedEvents: 10
        )
    )

    /// Runs a server while `body` has its address; the server is cancelled then, and must return.
    private func withServer(
        _ report: HealthReport,
        _ body: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = AdminServer(host: "127.0.0.1", port: 0, logger: Self.logger) { report }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port.yield($0) } }
            var iterator = ports.makeAsyncIterator()
            let chosen = try #require(await iterator.next())
            #expect(chosen > 0)
            try await body("http://127.0.0.1:\(chosen)")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func get(_ url: String) async throws -> (status: UInt, type: String?, body: String) {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 65_536)
        return (response.status.code, response.headers.first(name: "content-type"), String(buffer: body))
    }

    @Test("a ready instance is live and ready, and shows its status with the tenants' counters (S2.6, S2.8, S4.9)")
    func ready() async throws {
        try await self.withServer(HealthReport(ready: true, tenants: [Self.tenant])) { url in
            let live = try await self.get("\(url)/health/live")
            #expect(live.status == 200 && live.body == "live\n")
            let ready = try await self.get("\(url)/health/ready")
            #expect(ready.status == 200 && ready.body == "ready\n")
            let status = try await self.get("\(url)/status")
            #expect(status.status == 200 && status.type == "application/json")
            #expect(
                status.body == #"{"ready":true,"tenants":[{"committedPosition":"position-1","#
                    + #""committedPositionAgeSeconds":0.25,"counters":{"acknowledgedEvents":10,"deadLetteredEvents":9,"#
                    + #""deadLetteredMessages":4,"events":67,"eventsWithFallbackKey":3,"eventsWithoutKey":8,"fragmentedMessages":2,"messages":21,"#
                    + #""messagesWithoutPosition":5,"repeatedEvents":7,"unreadableMessages":3},"#
                    + #""gaps":{"restart":{"records":2,"seconds":1.5}},"inFlightBytes":12,"name":"acme","#
                    + #""oldestUnacknowledgedAgeSeconds":"infinity","ready":true,"reconnects":3,"#
                    + #""spool":{"bytes":31,"bytesMax":32,"droppedBatches":34,"entries":33,"oldestAgeSeconds":0.5},"state":"streaming"}]}"#
            )
            let metrics = try await self.get("\(url)/metrics")
            #expect(metrics.status == 200 && metrics.type == "text/plain; version=0.0.4; charset=utf-8")
            let page = try Exposition(metrics.body)
            #expect(page.value("genesys_bridge_events_received_total", ["tenant": "acme"]) == 67)
            #expect(page.value("genesys_bridge_oldest_unacknowledged_age_seconds", ["tenant": "acme"]) == .infinity)
            #expect(try await self.get("\(url)/").status == 404)
        }
    }

    @Test("an instance that is not ready is live all the same, and says why")
    func notReady() async throws {
        let parked = TenantHealth(name: "beta", ready: false, state: "parked", reason: "poison")
        try await self.withServer(HealthReport(ready: false, tenants: [Self.tenant, parked])) { url in
            #expect(try await self.get("\(url)/health/live").status == 200)
            let ready = try await self.get("\(url)/health/ready")
            #expect(ready.status == 503 && ready.body == "not ready: beta is parked (poison)\n")
            let metrics = try await self.get("\(url)/metrics")
            let page = try Exposition(metrics.body)
            #expect(metrics.status == 200 && page.value("genesys_bridge_ready") == 0)
            #expect(page.value("genesys_bridge_tenant_ready", ["tenant": "beta"]) == 0)
        }
    }

    @Test("starting, serving and stopping leave no line in the log: who runs the server knows")
    func quiet() async throws {
        let lines = LogLines()
        let logger = Logger(label: "test", factory: { _ in CollectingLogHandler(lines: lines) })
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = AdminServer(host: "127.0.0.1", port: 0, logger: logger) { HealthReport(ready: true, tenants: []) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port.yield($0) } }
            var iterator = ports.makeAsyncIterator()
            let chosen = try #require(await iterator.next())
            #expect(try await self.get("http://127.0.0.1:\(chosen)/health/live").status == 200)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(lines.all == [])
    }

    @Test("each request asks for the health anew")
    func anew() async throws {
        let (reports, report) = AsyncStream.makeStream(of: HealthReport.self)
        report.yield(HealthReport(ready: false, reason: "first", tenants: []))
        report.yield(HealthReport(ready: true, tenants: []))
        let source = ReportSource(reports)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = AdminServer(host: "127.0.0.1", port: 0, logger: Self.logger) { await source.next() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port.yield($0) } }
            var iterator = ports.makeAsyncIterator()
            let url = "http://127.0.0.1:\(try #require(await iterator.next()))/health/ready"
            #expect(try await self.get(url).body == "not ready: first\n")
            #expect(try await self.get(url).body == "ready\n")
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("an address in use is named")
    func inUse() async throws {
        try await self.withServer(HealthReport(ready: true, tenants: [])) { url in
            let port = try #require(Int(url.split(separator: ":").last ?? ""))
            let second = AdminServer(host: "127.0.0.1", port: port, logger: Self.logger) {
                HealthReport(ready: true, tenants: [])
            }
            let error = try await #require(throws: AdminServerError.self) { try await second.run() }
            #expect(error.description.contains("cannot listen on 127.0.0.1:\(port)"))
            #expect(error.reason.contains("Address already in use"), "\(error)")
        }
    }

    @Test("an address that is no one's is named")
    func notOurs() async throws {
        // 192.0.2.0/24 is for documentation: no interface has it.
        let server = AdminServer(host: "192.0.2.1", port: 0, logger: Self.logger) {
            HealthReport(ready: true, tenants: [])
        }
        let error = try await #require(throws: AdminServerError.self) { try await server.run() }
        #expect(error.address == "192.0.2.1:0")
        #expect(error.reason.contains("assign"), "\(error)")
    }
}

/// Hands out reports one by one.
private actor ReportSource {
    private var reports: AsyncStream<HealthReport>.Iterator

    init(_ reports: AsyncStream<HealthReport>) {
        self.reports = reports.makeAsyncIterator()
    }

    func next() async -> HealthReport {
        var reports = self.reports
        let report = await reports.next(isolation: self)
        self.reports = reports
        return report ?? HealthReport(ready: false, tenants: [])
    }
}
