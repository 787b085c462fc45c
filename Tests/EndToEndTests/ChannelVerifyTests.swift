import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// The command that says what is in Kafka, against topics of a tenant with channels.
@Suite("Verifying topics of channels", .serialized, .lastWords, .timeLimit(.minutes(2)))
struct ChannelVerifyTests {
    private func verify(_ path: String, _ arguments: String...) async throws -> (status: Int32, output: String) {
        let process = try RunningProcess(["verify", "--config", path] + arguments)
        let status = try await process.ended()
        return (status, process.output)
    }

    /// Waits for more than `count` further events at the simulator.
    private func produces(_ count: Int, _ what: String, _ scene: ChannelRunScene) async throws {
        let before = try await scene.snapshot.topics.reduce(0) { $0 + $1.produced }
        try await eventually(what) {
            try await scene.snapshot.topics.reduce(0) { $0 + $1.produced } > before + count
        }
    }

    @Test(
        "after losses and a kill it finds nothing lost, names the gaps by cause with their time, and says what cannot be known (C1)"
    )
    func gaps() async throws {
        // Few, so that an embedded broker keeps all of them.
        try await ChannelRunScene.with(eventsPerSecond: 5) { scene in
            let killed = try scene.bridge()
            try await scene.progresses(by: 50)
            try await scene.simulator.inject(.channelReset)
            try await scene.progresses(by: 50)
            killed.signal(SIGKILL)
            #expect(try await killed.ended() == SIGKILL)
            // Some of every topic that nobody receives, with others before and after them.
            try await self.produces(40, "events that nobody receives", scene)
            let bridge = try scene.bridge()
            try await scene.progresses(by: 50)
            let audited = try await scene.account()
            try await scene.stop(bridge)
            let (status, json) = try await self.verify(scene.configurationPath, "--json")
            let tenant = try #require(try JSONDecoder().decode(VerifyReport.self, from: Data(json.utf8)).tenants.first)
            #expect(status == 0 && tenant.isOfChannels && tenant.isClean, "\(tenant)")
            #expect(tenant.lost == 0 && tenant.undecided == 0 && tenant.expired == 0, "\(tenant)")
            #expect(tenant.delivered == audited.delivered && tenant.duplicated == audited.duplicated, "\(audited)")
            #expect(tenant.insideGaps + tenant.besideGaps > 0, "a loss that misses nothing proves nothing")
            // It is all there, where the simulator says when each came to be; of most the topics alone do not tell.
            let missing = tenant.insideGaps + tenant.besideGaps + tenant.inFront
            #expect(missing == audited.insideGaps, "\(tenant) \(audited)")
            let causes = try #require(tenant.gapTimes)
            #expect(Set(causes.map(\.cause)) == ["missing-checkpoint", "disconnect", "restart"], "\(causes)")
            for gaps in causes where gaps.cause != "missing-checkpoint" {
                #expect(gaps.milliseconds > 0 && gaps.unbounded == 0, "\(gaps)")
            }
            let text = try await self.verify(scene.configurationPath)
            #expect(text.status == 0)
            for words in ["gaps: disconnect, ", "gaps: restart, 1 record of ", "complete but for these gaps"] {
                #expect(text.output.contains(words), "\(text.output)")
            }
        }
    }

    @Test(
        "topics that share a key and a Kafka topic are in order, through a rollover, a loss, an outage and a kill (order-per-key)"
    )
    func sharedKeys() async throws {
        try await ChannelRunScene.with(eventsPerSecond: 5) { scene in
            let sections = """
                records: { topic: "genesys.{tenant}.users.presence" }
                channels: { overlap: 200ms }
                """
            let topics = ["presence", "routingStatus", "conversations"].map { "v2.users.{user}.\($0)" }
            let killed = try scene.bridge(sections, subscriptions: topics)
            try await scene.progresses(by: 50)
            for (fault, ended) in [
                (ChannelFault.socketClosing(leadMilliseconds: 60_000, warns: true), 1), (.channelReset, 2),
            ] {
                try await scene.simulator.inject(fault)
                try await eventually("a socket that has ended") {
                    try await scene.snapshot.connections.count { $0.endedMilliseconds != nil } == ended
                }
                try await scene.progresses(by: 50)
            }
            // What the spool has by then comes all at once.
            try await scene.broker.freeze()
            try await self.produces(100, "events that only the spool has", scene)
            scene.broker.signal(SIGCONT)
            try await scene.progresses(by: 50)
            killed.signal(SIGKILL)
            #expect(try await killed.ended() == SIGKILL)
            let bridge = try scene.bridge(sections, subscriptions: topics)
            try await scene.progresses(by: 50)
            let audited = try await scene.account()
            try await scene.stop(bridge)
            let (status, json) = try await self.verify(scene.configurationPath, "--json")
            let tenant = try #require(try JSONDecoder().decode(VerifyReport.self, from: Data(json.utf8)).tenants.first)
            #expect(
                status == 0 && tenant.outOfOrder == 0 && tenant.uncomparedKeys == 0 && tenant.expired == 0,
                "\(tenant)"
            )
            #expect(tenant.delivered == audited.delivered && audited.outOfOrder == 0, "\(audited)")
        }
    }
}
