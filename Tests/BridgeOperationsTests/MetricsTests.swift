import BridgeCore
import Foundation
import Testing

@testable import BridgeOperations

@Suite("The metrics for Prometheus")
struct MetricsTests {
    /// Every value differs from every other.
    private static let full = TenantHealth(
        name: "acme",
        ready: true,
        state: "open",
        reason: "s3cr3t",
        committedPosition: "position-1",
        committedPositionAgeSeconds: 0.25,
        oldestUnacknowledgedAgeSeconds: 1.5,
        openTransactionAgeSeconds: 2.75,
        splitMessages: 11,
        inFlightBytes: 12,
        reconnects: 13,
        spool: SpoolHealth(bytes: 31, bytesMax: 32, entries: 33, oldestAgeSeconds: 3.5, droppedBatches: 34),
        gaps: ["restart": GapHealth(records: 41, seconds: 4.5), "spool-full": GapHealth(records: 42, seconds: 5.5)],
        counters: TenantCounters(
            messages: 21,
            fragmentedMessages: 22,
            unreadableMessages: 23,
            deadLetteredMessages: 24,
            messagesWithoutPosition: 25,
            events: 9_007_199_254_740_991,
            repeatedEvents: 26,
            eventsWithoutKey: 27,
            eventsWithFallbackKey: 28,
            deadLetteredEvents: 29,
            acknowledgedEvents: 30
        )
    )

    private static func page(_ tenants: [TenantHealth], isReady: Bool = true) throws -> Exposition {
        try Exposition(MetricsPage.text(of: HealthReport(ready: isReady, tenants: tenants)))
    }

    @Test(
        "every number of the status is a value of a metric, with the tenant's name and the gap's cause alone beside it"
    )
    func values() throws {
        let page = try Self.page([Self.full])
        let values: [String: Double] = [
            "tenant_ready": 1, "reconnects_total": 13, "in_flight_bytes": 12, "split_messages_total": 11,
            "committed_position_age_seconds": 0.25, "oldest_unacknowledged_age_seconds": 1.5,
            "open_transaction_age_seconds": 2.75, "events_received_total": 9_007_199_254_740_991,
            "events_acknowledged_total": 30, "events_repeated_total": 26, "events_dead_lettered_total": 29,
            "events_without_key_total": 27, "events_with_fallback_key_total": 28, "messages_received_total": 21,
            "messages_fragmented_total": 22, "messages_unreadable_total": 23, "messages_dead_lettered_total": 24,
            "messages_without_position_total": 25, "spool_bytes": 31, "spool_max_bytes": 32, "spool_entries": 33,
            "spool_oldest_age_seconds": 3.5, "spool_dropped_batches_total": 34,
        ]
        for (name, value) in values {
            #expect(page.families["genesys_bridge_\(name)"]?.samples == [["tenant": "acme"]: value], "\(name)")
        }
        #expect(page.families["genesys_bridge_ready"]?.samples == [[:]: 1])
        for cause in GapRecord.Cause.allCases.map(\.rawValue) {
            let labels = ["tenant": "acme", "cause": cause]
            let gap = Self.full.gaps[cause] ?? GapHealth()
            #expect(page.value("genesys_bridge_gap_records_total", labels) == Double(gap.records), "\(cause)")
            #expect(page.value("genesys_bridge_gap_seconds_total", labels) == gap.seconds, "\(cause)")
        }
        let known = values.keys.map { "genesys_bridge_\($0)" }
        let others = ["genesys_bridge_ready", "genesys_bridge_gap_records_total", "genesys_bridge_gap_seconds_total"]
        #expect(page.names.sorted() == (known + others).sorted())
        #expect(page.families["genesys_bridge_gap_records_total"]?.samples.count == GapRecord.Cause.allCases.count)
    }

    @Test("no number of the report is left out: each of them is found among the values")
    func complete() throws {
        let data = try JSONEncoder().encode(Self.full)
        let numbers = Self.numbers(in: try JSONSerialization.jsonObject(with: data))
        #expect(numbers.count > 20)
        let values = Set(try Self.page([Self.full]).families.values.flatMap(\.samples.values))
        for number in numbers { #expect(values.contains(number), "\(number)") }
    }

    private static func numbers(in value: Any) -> [Double] {
        switch value {
        case let object as [String: Any]: object.values.flatMap { Self.numbers(in: $0) }
        case let list as [Any]: list.flatMap { Self.numbers(in: $0) }
        case let number as NSNumber: [number.doubleValue]
        case _: []
        }
    }

    @Test("what is not known has no value, what is nothing is 0, and several tenants share a metric")
    func absent() throws {
        let idle = TenantHealth(name: "globex", ready: false, state: "connecting")
        let page = try Self.page([Self.full, idle], isReady: false)
        let globex = ["tenant": "globex"]
        #expect(page.value("genesys_bridge_ready") == 0)
        #expect(page.value("genesys_bridge_tenant_ready", ["tenant": "acme"]) == 1)
        #expect(page.value("genesys_bridge_tenant_ready", globex) == 0)
        #expect(page.value("genesys_bridge_oldest_unacknowledged_age_seconds", globex) == 0)
        let unknown = page.names.filter {
            page.families[$0]?.samples.keys.contains { $0["tenant"] == "globex" } == false
        }
        #expect(
            Set(unknown.map { $0.dropFirst("genesys_bridge_".count) }) == [
                "ready", "committed_position_age_seconds", "open_transaction_age_seconds", "split_messages_total",
                "spool_bytes", "spool_max_bytes", "spool_entries", "spool_oldest_age_seconds",
                "spool_dropped_batches_total",
            ]
        )
        let none = try Self.page([])
        #expect(none.names == ["genesys_bridge_ready"])
    }

    @Test("a spool in which nothing waits has the age 0; one that nobody has read yet has none")
    func spoolAge() throws {
        func age(entries: UInt64) throws -> Double? {
            let spool = SpoolHealth(bytes: 1, bytesMax: 2, entries: entries, oldestAgeSeconds: nil, droppedBatches: 0)
            let tenant = TenantHealth(name: "a", ready: true, state: "open", spool: spool)
            return try Self.page([tenant]).value("genesys_bridge_spool_oldest_age_seconds", ["tenant": "a"])
        }
        #expect(try age(entries: 0) == 0)
        #expect(try age(entries: 1) == nil)
    }

    @Test("without an open transaction its age is 0, where there are transactions")
    func transactionAge() throws {
        let tenant = TenantHealth(name: "a", ready: true, state: "open", splitMessages: 0)
        let page = try Self.page([tenant])
        #expect(page.value("genesys_bridge_open_transaction_age_seconds", ["tenant": "a"]) == 0)
        #expect(page.value("genesys_bridge_split_messages_total", ["tenant": "a"]) == 0)
    }

    @Test(
        "whatever a name holds and whatever a number is, the page is one",
        arguments: ["a\"b", "a\\b", "a\nb", "\\", "ä", ""]
    )
    func escaping(name: String) throws {
        let tenant = TenantHealth(
            name: name,
            ready: true,
            state: "open",
            committedPositionAgeSeconds: .infinity,
            oldestUnacknowledgedAgeSeconds: 1.5e-7,
            gaps: ["restart": GapHealth(records: 1, seconds: 1.25e21)]
        )
        let page = try Self.page([tenant])
        #expect(page.value("genesys_bridge_committed_position_age_seconds", ["tenant": name]) == .infinity)
        #expect(page.value("genesys_bridge_oldest_unacknowledged_age_seconds", ["tenant": name]) == 1.5e-7)
        let labels = ["tenant": name, "cause": "restart"]
        #expect(page.value("genesys_bridge_gap_seconds_total", labels) == 1.25e21)
    }

    @Test("no reason and no position is on the page: they may be anything")
    func words() {
        let text = MetricsPage.text(of: HealthReport(ready: false, reason: "s3cr3t", tenants: [Self.full]))
        #expect(!text.contains("s3cr3t") && !text.contains("position-1"))
    }

    @Test("names and comments are as Prometheus wants them")
    func conventions() {
        #expect(Metric.all.count > 20)
        for metric in Metric.all {
            #expect(metric.name.hasPrefix("genesys_bridge_") && metric.name.wholeMatch(of: /[a-z]+(_[a-z]+)*/) != nil)
            #expect(metric.help.hasSuffix(".") && metric.help.count < 130, "\(metric.name)")
        }
    }

    @Test(
        "what is no page is told apart from one",
        arguments: [
            "a 1\n", "# TYPE a gauge\na 1\n", "# HELP a x\n# TYPE a gauge\na 1", "# HELP a x\n# TYPE a gauge\na one\n",
            "# HELP a x\n# TYPE b gauge\nb 1\n", "# HELP a x\n# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a gauge\n",
            "# HELP a x\n# TYPE a gauge\na 1\na 2\n", "# HELP a x\n# TYPE a gauge\na{b=\"c} 1\n",
            "# HELP a x\n# TYPE a gauge\na{b=\"c\"d=\"e\"} 1\n", "# HELP a x\n# TYPE a gauge\na{b=\"\\q\"} 1\n",
            "# HELP a x\n# TYPE a gauge\na{2b=\"c\"} 1\n", "# HELP a x\n# TYPE a gauge\na{b=\"c\"}1\n", "a\n\n",
            "# HELP a x\n# TYPE a gauge\na 1\n# HELP a x\n# TYPE a gauge\na{b=\"c\"} 1\n",
        ]
    )
    func strict(page: String) {
        #expect(throws: Exposition.Defect.self) { try Exposition(page) }
    }
}
