import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// `run` of a tenant with `protocol: channels`, as a process, against a broker: every event is in Kafka or in a gap record.
@Suite("The command run, of channels", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct ChannelRunTests {
    @Test("announced closes lose and double nothing, and no gap record is written of them (C4)")
    func planned() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { overlap: 200ms }")
            try await scene.progresses()
            for turn in 1...2 {
                try await scene.simulator.inject(.socketClosing(leadMilliseconds: 60_000, warns: true))
                try await eventually("a socket that was left for another one") {
                    try await scene.snapshot.connections.count { $0.endedMilliseconds != nil } == turn
                }
                try await scene.progresses()
            }
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.gaps == 1, "but for that before the beginning: \(result)")
            let snapshot = try await scene.snapshot
            #expect(snapshot.faultsFired["socketClosing"] == 2 && snapshot.violations.isEmpty, "\(snapshot.violations)")
        }
    }

    @Test("what is missing around lost sockets, channels and evictions is within gap records (C1, C5, C6)")
    func unplanned() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { eviction: { base: 100ms, cap: 1s } }")
            try await scene.progresses()
            let missedBefore = try await scene.insideGaps()
            for fault in [ChannelFault.channelReset, .channelDeleted, .channelEvicted, .channelReset] {
                let gaps = await scene.audit.notices(ChannelRunScene.tenant).gaps
                try await scene.simulator.inject(fault)
                try await eventually("a gap record") { await scene.audit.notices(ChannelRunScene.tenant).gaps > gaps }
                try await scene.progresses()
            }
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.insideGaps > missedBefore, "a fault that loses nothing proves nothing")
            let fired = try await scene.snapshot.faultsFired
            #expect(
                fired["channelReset"] == 2 && fired["channelDeleted"] == 1 && fired["channelEvicted"] == 1,
                "\(fired)"
            )
        }
    }

    @Test("what a server drops on a socket that goes on is within the gap record of the answer that is missing (C1)")
    func dropped() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { pingInterval: 1s, pongTimeout: 1s }")
            try await scene.progresses()
            try await eventually("an answered ping") { try await scene.snapshot.pingsAnswered > 0 }
            let missedBefore = try await scene.insideGaps()
            let gaps = await scene.audit.notices(ChannelRunScene.tenant).gaps
            try await scene.simulator.inject(.channelSilent(durationMilliseconds: 4_000))
            try await eventually("a gap record") { await scene.audit.notices(ChannelRunScene.tenant).gaps > gaps }
            try await scene.progresses()
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(result.insideGaps > missedBefore, "a silence that drops nothing proves nothing")
            #expect(bridge.errors.contains("a ping is not answered"), "it was followed for another reason")
        }
    }

    @Test(
        "killed at any crash point of its spool, the bridge loses nothing that it received: what is missing is in the gap of its restart (C1, C2)",
        arguments: [
            "afterSpoolWriteBeforeSync:40", "afterSpoolSyncBeforeConfirm:40", "whileRotatingSpool:3",
            "afterSpoolCursorBeforeDelete:20",
            "whileDeletingSpool:1", "afterProduceBeforeAcknowledge:30", "afterAcknowledgeBeforeCommit:30",
        ]
    )
    func killed(crash: String) async throws {
        try await ChannelRunScene.with { scene in
            // Small segments that are soon in the way of the next ones.
            let spool = """
                spool: { directory: "\(scene.spoolDirectory)", bytes: 4MiB, segmentBytes: 64KiB, groupBytes: 16KiB, segmentAge: 1s }
                connection: { maxMessageBytes: 64KiB, maxFrameBytes: 64KiB }
                channels: { maxBatchBytes: 64KiB }
                """
            let broker = scene.broker
            let killed = try scene.bridge(spool, arguments: ["--crash-at", crash])
            if crash.hasPrefix("whileDeletingSpool") {
                // Several segments go at once when Kafka comes back; on a slow machine they may do so before.
                try await eventually("the first events in Kafka") { await scene.delivered() >= 20 || !killed.isRunning }
                try await broker.freeze()
                try await eventually("several segments") {
                    let folder = scene.spoolDirectory + "/\(ChannelRunScene.tenant)/0"
                    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
                    return names?.count ?? 0 > 5 || !killed.isRunning
                }
                broker.signal(SIGCONT)
            }
            #expect(try await killed.ended() == SIGKILL, "\(crash) was passed")
            let bridge = try scene.bridge(spool)
            try await scene.progresses()
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.outOfOrder == 0, "\(result)")
            #expect(bridge.errors.contains("cause=restart"), "the time between is a gap")
        }
    }

    @Test(
        "an outage of Kafka is carried by the spool: nothing is lost, repeated or a gap, and the bridge says why it is not ready (C2)"
    )
    func outage() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge()
            try await scene.progresses()
            let missedBefore = try await scene.insideGaps()
            try await scene.broker.freeze()
            let before = try await scene.snapshot.topics.reduce(0) { $0 + $1.produced }
            try await eventually("events that only the spool has") {
                try await scene.snapshot.topics.reduce(0) { $0 + $1.produced } > before + 500
            }
            scene.broker.signal(SIGCONT)
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.outOfOrder == 0 && result.insideGaps == missedBefore, "\(result)")
            #expect(result.gaps == 1, "but for that before the beginning: \(result)")
        }
    }

    @Test("with two channels for each topic set the unplanned loss of one loses nothing and writes no gap (C8)")
    func redundant() async throws {
        try await ChannelRunScene.with { scene in
            let bridge = try scene.bridge("channels: { redundancy: true, pingInterval: 1s }")
            try await eventually("two sockets of each topic set") {
                try await scene.snapshot.connections.count { $0.endedMilliseconds == nil } == 2
            }
            try await scene.progresses()
            let missedBefore = try await scene.insideGaps()
            for turn in 1...3 {
                try await scene.simulator.inject(.channelReset, target: .one)
                try await eventually("a lost socket, and another one in its place") {
                    let connections = try await scene.snapshot.connections
                    return connections.count { $0.endedMilliseconds != nil } == turn
                        && connections.count { $0.endedMilliseconds == nil } == 2
                }
                // The older one has to have been read up to where the new one began, and the bridge has to know it.
                let pings = try await scene.snapshot.pingsAnswered
                try await eventually("pongs of both") { try await scene.snapshot.pingsAnswered >= pings + 6 }
                try await scene.progresses()
            }
            let result = try await scene.account()
            try await scene.stop(bridge)
            #expect(result.lost == 0 && result.duplicated == 0 && result.outOfOrder == 0, "\(result)")
            #expect(
                result.gaps == 1 && result.insideGaps == missedBefore,
                "but for that before the beginning: \(result)"
            )
            #expect(try await scene.snapshot.faultsFired["channelReset"] == 3)
        }
    }
}
