import Foundation
import GenesysSimulator
import Testing

/// What one case does and measures in its scene, with its tenant.
actor ContractStage {
    let scene: ContractScene
    nonisolated let tenant: String
    /// Kinds of faults that were asked for: each of them has to take effect.
    private var kinds: [FaultKind: Int] = [:]
    private var began: ContinuousClock.Instant?
    /// The first event that was made behind the trouble.
    private var firstNew: Int?
    private(set) var recovery: Duration?
    /// What came later than promised, beside the recovery.
    private(set) var lateness: [String] = []

    init(scene: ContractScene, tenant: String) {
        self.scene = scene
        self.tenant = tenant
    }

    /// Waits for so many further events in Kafka.
    func progress(_ count: Int = 30) async throws {
        let before = await self.scene.audit.delivered(self.tenant)
        try await eventually("\(count) further events of \(self.tenant)") {
            await self.scene.audit.delivered(self.tenant) >= before + count
        }
    }

    // MARK: Trouble

    /// Lays a fault in wait for a request that is still to come.
    func arm(_ fault: Fault) async throws {
        self.kinds[fault.kind, default: 0] += 1
        let reached = try await self.scene.simulator.inject(fault, tenant: self.tenant)
        try #require(reached > 0, "\(fault.kind) lies in wait")
    }

    /// Makes something go wrong now; asks again while no stream is open that could take it up. The time to recover counts from here.
    func inject(_ fault: Fault) async throws {
        self.kinds[fault.kind, default: 0] += 1
        let tenant = self.tenant
        try await eventually("a stream of \(tenant) that takes \(fault.kind) up") {
            self.begin()
            return try await self.scene.simulator.inject(fault, tenant: tenant) > 0
        }
        try await self.behindIt()
    }

    /// The time to recover counts from now on.
    func begin() { self.began = .now }

    /// What is made from now on is behind the trouble.
    func behindIt() async throws {
        self.firstNew = try await self.scene.snapshotNow(self.tenant).eventsProduced
    }

    /// Waits until every fault that was asked for has taken effect.
    func everythingFires() async throws {
        for (kind, count) in self.kinds {
            try await eventually("\(kind) takes effect on \(self.tenant)") {
                try await self.scene.snapshot(self.tenant).faultsFired[kind.rawValue, default: 0] >= count
            }
        }
    }

    /// Waits for the first event in Kafka that was made behind the trouble; of one resource, where it is named.
    func recovers(resource: String? = nil) async throws {
        guard let firstNew, let began, self.recovery == nil else { return }
        var arrival: ContinuousClock.Instant?
        try await eventually("an event of \(self.tenant) that was made behind the trouble") {
            arrival = await self.scene.audit.arrival(self.tenant, from: firstNew, resource: resource)
            return arrival != nil
        }
        self.recovery = began.duration(to: try #require(arrival))
    }

    /// What was measured in another way.
    func recovered(in duration: Duration) { self.recovery = duration }

    /// Ends production for now, and waits until nothing is under way to Kafka: the embedded broker, which checks no sequence numbers, would
    /// take twice what it had taken when it went down, and not acknowledged.
    func everythingIsCommitted() async throws {
        let (scene, tenant) = (self.scene, self.tenant)
        try await scene.simulator.setRate(.eventsPerSecond(0), tenant: tenant)
        try await eventually("a commit of everything of \(tenant)") {
            let snapshot = try await scene.snapshotNow(tenant)
            guard snapshot.eventsOffered == snapshot.eventsProduced else { return false }
            return try CommittedPosition.sequence(of: tenant, in: scene.checkpointDirectory) == snapshot.eventsOffered
        }
    }

    /// Something came later than promised.
    func isLate(_ complaint: String) { self.lateness.append(complaint) }

    /// Waits for a line of the log that names the tenant and holds `text`.
    func logs(_ text: String) async throws {
        try await eventually("a line '\(text)' about \(self.tenant)") {
            self.scene.bridge.errors.split(separator: "\n").contains { $0.contains(self.tenant) && $0.contains(text) }
        }
    }

    // MARK: The end

    /// What the bridge and the simulator say of the tenant, for people.
    func story() async -> String {
        let lines = self.scene.bridge.errors.split(separator: "\n").filter { $0.contains(self.tenant) }.suffix(40)
        let log = lines.map { "  \($0.prefix(400))" }.joined(separator: "\n")
        guard let snapshot = try? await self.scene.snapshotNow(self.tenant) else { return log }
        return """
            made \(snapshot.eventsProduced), offered \(snapshot.eventsOffered), streams open \(snapshot.connectionsOpen), \
            upgrades \(snapshot.upgradesAccepted) of \(snapshot.upgradeAttempts), answers \(snapshot.upgradeAnswers), \
            faults \(snapshot.faultsFired), violations \(snapshot.violations), \
            delivered \(await self.scene.audit.delivered(self.tenant)); the bridge said of it:
            \(log)
            """
    }

    /// Ends production, and waits until everything is accounted for, or nothing more can be expected.
    func account() async throws -> ContractAccount {
        try await self.scene.simulator.stopProducing(tenant: self.tenant)
        var account = ContractAccount()
        // A loss is told by the account, not by the end of patience.
        let accounted = { await self.scene.audit.delivered(self.tenant) }
        try? await eventually("the account of \(self.tenant)", within: .seconds(20), counting: accounted) {
            account = try await self.scene.audit.account(try await self.scene.snapshotNow(self.tenant))
            return account.isDrained && account.missing.isEmpty
        }
        return account
    }
}
