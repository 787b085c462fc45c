import BridgeCore
import GenesysSimulator
import Testing

/// Every promise of the README's table of what happens when something goes wrong, broken into on purpose and measured.
///
/// Each case prints its row of the page on reliability, with the time that it took; `ContractTableTests` compares the pages.
@Suite("The contract", .serialized, .lastWords, .timeLimit(.minutes(10)))
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

    /// How often a case may run that takes longer than promised: a machine with other work may be late, a promise that is not kept is late
    /// each time. Nothing else is tried again.
    private static let attemptsMax = 3

    /// Runs cases, and those that were late again by themselves.
    private static func run(
        _ cases: [ContractCase],
        _ settings: ContractScene.Settings = .init(),
        width: Int = 5
    ) async throws {
        for (one, complaints) in try await Self.runOnce(cases, settings, width: width) {
            var complaints = complaints
            for attempt in 2...Self.attemptsMax where !complaints.isEmpty {
                print("contract: \(one.fault) (\(one.name)): \(complaints); attempt \(attempt)")
                complaints = try await Self.runOnce([one], settings, width: width).first?.complaints ?? []
            }
            for complaint in complaints { Issue.record("\(one.fault) (\(one.name)): \(complaint), each time") }
        }
    }

    /// Runs cases beside each other, `width` at a time, each with a tenant of its own: more would measure each other.
    ///
    /// - Returns: those that were late.
    private static func runOnce(
        _ cases: [ContractCase],
        _ settings: ContractScene.Settings,
        width: Int
    ) async throws -> [(one: ContractCase, complaints: [String])] {
        var settings = settings
        for one in cases {
            settings.tenants[one.name] = one.tenant
            for other in one.others { settings.tenants[other] = ContractTenant() }
        }
        return try await ContractScene.with(settings) { scene in
            let crash = cases.compactMap(\.crashAt).first.map { ["--crash-at", "\($0.rawValue):1"] }
            try scene.startBridge(crash ?? [])
            let late = await withTaskGroup(of: (one: ContractCase, complaints: [String]).self) { group in
                var late: [(one: ContractCase, complaints: [String])] = []
                for (index, one) in cases.enumerated() {
                    if index >= width, let done = await group.next(), !done.complaints.isEmpty { late.append(done) }
                    group.addTask { (one, await one.run(in: scene)) }
                }
                for await done in group where !done.complaints.isEmpty { late.append(done) }
                return late
            }
            #expect(scene.bridge.isRunning)
            return late
        }
    }
}
