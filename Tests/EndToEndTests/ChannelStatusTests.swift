import AsyncHTTPClient
import BridgeOperations
import Foundation
import GenesysSimulator
import NIOCore
import Testing

@testable import genesys_kafka_bridge

/// What a bridge with channels shows of itself while something is wrong, and what becomes of the events then.
@Suite("The status page, of channels", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct ChannelStatusTests {
    /// What the bridge says of the tenant.
    private func health(_ bridge: RunningProcess) async throws -> TenantHealth {
        let words = "admin server listens on "
        var address: Substring?
        try await eventually("the admin server's address") {
            let parts = bridge.errors.components(separatedBy: words)
            // The line is whole once something stands behind it.
            address = parts.count > 1 && parts[1].contains("\n") ? parts[1].prefix { !$0.isWhitespace } : nil
            return address != nil
        }
        let url = "http://\(try #require(address))/status"
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(120))
        let body = try await response.body.collect(upTo: 1 << 20)
        let report = try JSONDecoder().decode(HealthReport.self, from: Data(body.readableBytesView))
        return try #require(report.tenants.first)
    }

    /// Waits until the page says so.
    private func shows(
        _ bridge: RunningProcess,
        _ what: String,
        _ isShown: (TenantHealth) -> Bool
    ) async throws {
        try await eventually("a status page that shows \(what)") { isShown(try await self.health(bridge)) }
    }

    private func isRecorded(_ cause: String, _ health: TenantHealth) -> Bool {
        health.ready && health.state == "open" && (health.gaps[cause]?.records ?? 0) > 0
    }

    /// Ends production, and stops a bridge that has accounted for everything.
    private func end(_ bridge: RunningProcess, _ scene: ChannelRunScene) async throws -> AuditResult {
        let result = try await scene.account()
        try await scene.stop(bridge)
        #expect(result.lost == 0 && result.outOfOrder == 0, "\(result)")
        return result
    }

    @Test("an announced close shows as a reconnect and as copies, and the tenant stays ready (C4)")
    func announced() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { overlap: 200ms }")
            try await self.shows(bridge, "the first start") { self.isRecorded("missing-checkpoint", $0) }
            try await scene.simulator.inject(.socketClosing(leadMilliseconds: 60_000, warns: true))
            var wasReady = true
            try await self.shows(bridge, "the reconnect") { health in
                wasReady = wasReady && health.ready
                return health.reconnects == 1
            }
            let health = try await self.health(bridge)
            #expect(wasReady && health.counters.repeatedEvents > 0)
            #expect(health.gaps.filter { $0.value.records > 0 }.keys.sorted() == ["missing-checkpoint"])
            #expect(try await self.end(bridge, scene).duplicated == 0)
        }
    }

    @Test("shows a lost socket as a reconnect and a gap, and an eviction with how often there was one (C5, C6)")
    func unplanned() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { eviction: { base: 2s, cap: 2s } }")
            try await self.shows(bridge, "the first start") { self.isRecorded("missing-checkpoint", $0) }
            try await scene.simulator.inject(.channelReset)
            try await self.shows(bridge, "the lost socket") { self.isRecorded("disconnect", $0) && $0.reconnects == 1 }
            try await scene.simulator.inject(.channelEvicted)
            try await self.shows(bridge, "the eviction") { health in
                let reason = "another client takes the channels, 1 times within an hour"
                return !health.ready && health.state == "backing-off" && health.reason?.contains(reason) == true
            }
            try await self.shows(bridge, "the end of it") { self.isRecorded("eviction", $0) }
            #expect(try await self.end(bridge, scene).duplicated == 0)
        }
    }

    @Test("a revoked token is followed by another one and another channel; what was missed meanwhile is a gap (C4, C5)")
    func revoked() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge()
            try await scene.progresses()
            try await scene.simulator.inject(.tokenRevoked)
            try await self.shows(bridge, "the loss") { self.isRecorded("disconnect", $0) }
            try await scene.progresses()
            #expect(try await self.end(bridge, scene).duplicated == 0)
            let snapshot = try await scene.snapshot
            #expect(snapshot.faultsFired["tokenRevoked"] == 1 && snapshot.violations.isEmpty, "\(snapshot.violations)")
        }
    }

    @Test("a topic that the server rejects is shown as left out, with a gap, and the others come (C1)")
    func rejected() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge()
            try await scene.progresses()
            try await scene.simulator.inject(.subscriptionRejected(topic: nil, count: 1))
            try await scene.simulator.inject(.channelDeleted)
            try await self.shows(bridge, "what is left out") { health in
                self.isRecorded("unsubscribed", health) && health.reason?.hasPrefix("left out: v2.") == true
            }
            try await scene.progresses()
            #expect(try await self.end(bridge, scene).insideGaps > 0)
            #expect(try await scene.snapshot.faultsFired["subscriptionRejected"] == 1)
        }
    }

    @Test("calls that are throttled are made later; one that is refused is shown, and not made again soon (C9)")
    func calls() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge()
            try await scene.progresses()
            try await scene.simulator.inject(.restRateLimited(count: 2, retryAfterSeconds: 1))
            try await scene.simulator.inject(.channelDeleted)
            try await self.shows(bridge, "the loss") { self.isRecorded("disconnect", $0) }
            #expect(try await scene.snapshot.faultsFired["restRateLimited"] == 2)
            try await scene.progresses()
            try await scene.simulator.inject(.restServerError(status: 403, count: 1), tenant: ChannelRunScene.tenant)
            let created = try await scene.snapshot.channelsCreated
            try await scene.simulator.inject(.channelDeleted)
            try await self.shows(bridge, "the refusal") { health in
                !health.ready && health.state == "backing-off"
                    && health.reason?.hasPrefix("the server refuses: ") == true
            }
            #expect(try await scene.snapshot.channelsCreated == created)
            try await scene.stop(bridge)
            // The next process asks at once; what was missed until then is its gap.
            let next = try scene.bridge()
            try await self.shows(next, "the gap") { self.isRecorded("restart", $0) }
            try await scene.progresses()
            #expect(try await self.end(next, scene).duplicated == 0)
        }
    }

    @Test("a call that something else answers in the platform's place is made again soon (C9)")
    func foreignAnswer() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { refusedInterval: 24h }")
            try await scene.progresses()
            let created = try await scene.snapshot.channelsCreated
            try await scene.simulator.inject(.restServerError(status: 302, count: 1), tenant: ChannelRunScene.tenant)
            try await scene.simulator.inject(.channelDeleted)
            try await self.shows(bridge, "the loss") { self.isRecorded("disconnect", $0) }
            #expect(try await scene.simulator.snapshot().tenants[0].faultsFired["restServerError"] == 1)
            #expect(try await scene.snapshot.channelsCreated == created + 1)
            #expect(bridge.errors.contains("HTTP 302: a redirect to nowhere, which is not followed"))
            #expect(try await self.end(bridge, scene).duplicated == 0)
        }
    }

    @Test("a silent server is noticed, and all of the silence is in the gap (C1, C5)")
    func silent() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { silenceLimit: 10s, pingInterval: 1s }")
            try await scene.progresses()
            let missedBefore = try await scene.insideGaps()
            try await scene.simulator.inject(.channelSilent(durationMilliseconds: nil))
            try await self.shows(bridge, "the loss") { self.isRecorded("disconnect", $0) }
            let seconds = try await self.health(bridge).gaps["disconnect"]?.seconds ?? 0
            #expect(seconds > 9, "\(seconds)")
            try await scene.progresses()
            #expect(try await self.end(bridge, scene).insideGaps > missedBefore)
        }
    }

    @Test("a full spool is said, and what it drops is counted and a gap (C2)")
    func fullSpool() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge(
                """
                spool: { directory: "\(scene.spoolDirectory)", bytes: 1MiB, segmentBytes: 64KiB, groupBytes: 16KiB }
                connection: { maxMessageBytes: 64KiB, maxFrameBytes: 64KiB }
                channels: { maxBatchBytes: 64KiB }
                """
            )
            try await scene.progresses()
            try await scene.broker.freeze()
            try await self.shows(bridge, "a full spool") { health in
                !health.ready
                    && health.reason?.contains("the spool is full (1048576 bytes): events are dropped") == true
                    && health.spool.map { $0.droppedBatches > 0 && $0.bytes <= $0.bytesMax } == true
            }
            scene.broker.signal(SIGCONT)
            try await self.shows(bridge, "the gap") { self.isRecorded("spool-full", $0) }
            try await scene.progresses()
            #expect(try await self.end(bridge, scene).insideGaps > 0)
        }
    }

    @Test("a full spool that blocks is said, and what the server closes then is a gap (C2)")
    func blockingSpool() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge(
                """
                spool: { directory: "\(scene.spoolDirectory)", bytes: 1MiB, segmentBytes: 64KiB, groupBytes: 16KiB, whenFull: block }
                connection: { maxMessageBytes: 64KiB, maxFrameBytes: 64KiB, readAheadBytes: 64KiB }
                channels: { maxBatchBytes: 64KiB }
                """
            )
            try await scene.progresses()
            try await scene.broker.freeze()
            try await self.shows(bridge, "sockets that are not read") { health in
                let reason = "the spool is full (1048576 bytes): the sockets are not read"
                return !health.ready && health.reason?.contains(reason) == true && health.spool?.droppedBatches == 0
            }
            try await scene.simulator.inject(.channelReset)
            scene.broker.signal(SIGCONT)
            try await self.shows(bridge, "the gap") { self.isRecorded("disconnect", $0) }
            try await scene.progresses()
            _ = try await self.end(bridge, scene)
        }
    }

    @Test("what cannot be read goes to the dead letters at once, is counted and a gap, and reading goes on (C1)")
    func unreadable() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge()
            try await self.shows(bridge, "the first start") { self.isRecorded("missing-checkpoint", $0) }
            try await scene.simulator.inject(.malformedMessage)
            try await self.shows(bridge, "the dead letter") { health in
                self.isRecorded("poison", health) && health.counters.deadLetteredMessages == 1 && health.reconnects == 0
            }
            try await scene.progresses()
            #expect(try await self.end(bridge, scene).duplicated == 0)
        }
    }
}
