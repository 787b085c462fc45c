import Testing

/// Every promise of the README's table of what happens when something goes wrong, broken into on purpose and measured.
@Suite("The contract", .serialized, .timeLimit(.minutes(3)))
struct ContractTests {
    @Test("streams, tokens, handshakes and messages: what is promised is kept")
    func streams() async throws {
        try await Self.run(ContractCase.streams)
    }

    /// Runs cases beside each other, a few at a time, each with a tenant of its own.
    private static func run(_ cases: [ContractCase], _ settings: ContractScene.Settings = .init()) async throws {
        var settings = settings
        for one in cases { settings.tenants[one.name] = one.tenant }
        try await ContractScene.with(settings) { scene in
            let bridge = try scene.bridge()
            await withTaskGroup(of: Void.self) { group in
                for (index, one) in cases.enumerated() {
                    // More would measure each other.
                    if index >= 5 { await group.next() }
                    group.addTask { await one.run(in: scene) }
                }
            }
            #expect(bridge.isRunning, "\(bridge.errors.suffix(2000))")
        }
    }
}
