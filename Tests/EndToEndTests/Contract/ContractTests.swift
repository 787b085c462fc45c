import BridgeCore
import GenesysSimulator
import Testing

/// Every promise of the README's table of what happens when something goes wrong, broken into on purpose and measured.
///
/// Each case prints its row of the page on reliability, with the time that it took; `ContractTableTests` compares the pages.
@Suite("The contract", .serialized, .timeLimit(.minutes(3)))
struct ContractTests {
    @Test("streams, tokens, handshakes and messages: what is promised is kept")
    func streams() async throws {
        try await Self.run(ContractCase.streams)
    }

    @Test("what subscriptions, resources and the platform API can do to a stream")
    func subscriptions() async throws {
        try await Self.run(ContractCase.subscriptions)
    }

    @Test("lists that are refused by HTTP status")
    func refusals() async throws {
        try await Self.run(ContractCase.refusals, .init(invalidSubscriptionAnswer: .http))
    }

    @Test("tokens that run out all the time")
    func rollovers() async throws {
        try await Self.run(ContractCase.rollovers, .init(tokenLifetimeMilliseconds: 4_000))
    }

    @Test("a host that has had enough, and two tenants of it")
    func holdOffs() async throws {
        try await Self.run(ContractCase.holdOffs, width: 1)
    }

    @Test("many sockets at once")
    func herd() async throws {
        try await Self.run([ContractCase.herd], .init(attemptsPerSecond: 4))
    }

    @Test("Kafka, files and processes", arguments: ContractCase.alone)
    func alone(one: ContractCase) async throws {
        try await Self.run([one])
    }

    /// Runs cases beside each other, `width` at a time, each with a tenant of its own: more would measure each other.
    private static func run(
        _ cases: [ContractCase],
        _ settings: ContractScene.Settings = .init(),
        width: Int = 5
    ) async throws {
        var settings = settings
        for one in cases {
            settings.tenants[one.name] = one.tenant
            for other in one.others { settings.tenants[other] = ContractTenant() }
        }
        try await ContractScene.with(settings) { scene in
            let crash = cases.compactMap(\.crashAt).first.map { ["--crash-at", "\($0.rawValue):1"] }
            try scene.startBridge(crash ?? [])
            await withTaskGroup(of: Void.self) { group in
                for (index, one) in cases.enumerated() {
                    if index >= width { await group.next() }
                    group.addTask { await one.run(in: scene) }
                }
            }
            #expect(scene.bridge.isRunning, "\(scene.bridge.errors.suffix(2000))")
        }
    }
}
