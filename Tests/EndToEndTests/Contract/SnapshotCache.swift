import GenesysSimulator

/// Spares the simulator a snapshot for each case that waits for something in it.
actor SnapshotCache {
    private static let age = Duration.milliseconds(20)

    private let simulator: GenesysSimulator
    private var last: (snapshot: SimulatorSnapshot, at: ContinuousClock.Instant)?

    init(_ simulator: GenesysSimulator) {
        self.simulator = simulator
    }

    /// A snapshot that is 20 ms old at most.
    func recent() async throws -> SimulatorSnapshot {
        let now = ContinuousClock.now
        if let last, last.at.duration(to: now) < Self.age { return last.snapshot }
        let snapshot = try await self.simulator.snapshot()
        self.last = (snapshot, now)
        return snapshot
    }
}
