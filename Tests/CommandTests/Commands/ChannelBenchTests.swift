import BridgeCore
import Testing

@testable import genesys_kafka_bridge

/// What `bench --protocol channels` configures and prints; its figures are nobody's promise here.
@Suite("The benchmark of channels")
struct ChannelBenchTests {
    private func options(_ channels: ChannelBenchVariant) -> BenchOptions {
        BenchOptions(
            bootstrapServers: "127.0.0.1:9092",
            simulator: "http://127.0.0.1:8080",
            warmUpEvents: 1,
            events: 10,
            leastTime: .zero,
            variant: BenchVariant(withHeaders: true, channels: channels),
            isRealCluster: false,
            name: "bench-name"
        )
    }

    @Test(
        "each variant is a valid configuration that says what the variant says, and drops nothing",
        arguments: SpoolStoreKind.allCases
    )
    func configuration(store: SpoolStoreKind) throws {
        let variant = ChannelBenchVariant(
            store: store,
            isRedundant: store == .memory,
            topics: ["v2.users.{user}.presence"]
        )
        let configuration = try self.options(variant).configuration()
        #expect(configuration.spool.store == store)
        #expect(configuration.spool.policy.whenFull == .block)
        #expect(configuration.channels.redundancy == (store == .memory))
        #expect(configuration.tenants.map(\.streamProtocol) == [.channels])
        #expect(configuration.tenants.flatMap(\.channelRules).count == 1)
    }

    @Test("a topic stands for one of each queue or user, and for itself where it has no wildcard")
    func topics() {
        let topics = BenchOptions.topics([
            "v2.users.{user}.presence", "v2.routing.queues.{queue}.conversations", "v2.x",
        ])
        #expect(topics.count == 201 && Set(topics).count == 201)
        #expect(topics.allSatisfy { !$0.contains("{") } && topics.last == "v2.x")
    }

    private func result(_ rate: Double, cpu: Double = 2, heldBack: Double? = nil) -> BenchResult {
        var result = BenchResult(
            name: "a",
            events: 1,
            eventsPerSecond: rate,
            cpuSecondsPerMillion: cpu,
            peakMebibytes: rate
        )
        result.senderHeldBackShare = heldBack
        return result
    }

    @Test("a row has the medians of the rounds, the largest memory, and the ratios of the rounds")
    func rows() throws {
        let report = ChannelBenchReport(
            topics: [],
            rounds: 3,
            results: [
                .disk: [self.result(10, cpu: 4), self.result(30, cpu: 8), self.result(20, cpu: 1)],
                .bare: [self.result(100), self.result(100), self.result(100)],
                .reader: [self.result(20), self.result(30), self.result(40)],
            ]
        )
        #expect(report.rows.map(\.kind) == [.disk, .bare, .reader])
        let disk = try #require(report.rows.first)
        #expect(disk.median.eventsPerSecond == 20 && disk.median.peakMebibytes == 30)
        #expect(disk.overBare?.median == 0.2 && disk.overReader?.median == 0.5 && disk.bareCPU?.median == 0.5)
        #expect(report.rows.last?.overBare == nil)
    }

    @Test("a rate at which the simulator did not have to wait is said to be the simulator's", arguments: [true, false])
    func note(isSendersRate: Bool) {
        let result = self.result(10, heldBack: isSendersRate ? 0.02 : 0.5)
        let report = ChannelBenchReport(topics: [], rounds: 1, results: [.memory: [result]])
        #expect(report.lines.contains { $0.contains("2 % of the time only") } == isSendersRate)
    }
}
