import BridgeCore
import BridgeRuntime
import KafkaDelivery
import Logging

/// Reads and changes the checkpoints of a configuration while no bridge runs, and says what a change means.
struct CheckpointDesk {
    let configuration: BridgeConfiguration
    let logger: Logger
    private let clock = SystemClock()

    init(configuration: BridgeConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    private var checkpoints: CheckpointsConfiguration { self.configuration.delivery.checkpoints }

    /// What the store holds of the configuration's tenants.
    func contents() async throws(CheckpointStoreError) -> KafkaCheckpointStore.Contents {
        let tenants = Set(self.configuration.tenants.map(\.name))
        switch self.checkpoints.store {
        case .directory:
            var archive = try FileCheckpointStore.contents(of: self.checkpoints.directory)
            archive.checkpoints.removeAll { !tenants.contains($0.tenant) }
            archive.plans.removeAll { !tenants.contains($0.tenant) }
            return KafkaCheckpointStore.Contents(archive: archive)
        case .kafkaTopic:
            let settings = OpenCheckpoints.kafkaSettings(self.configuration, tenants: tenants)
            return try await KafkaCheckpointStore.contents(settings, clock: self.clock, logger: self.logger)
        }
    }

    /// Why there is nothing to look at, where the store itself is missing.
    func absence(_ contents: KafkaCheckpointStore.Contents) -> String? {
        contents.isTopicMissing
            ? "the cluster has no topic '\(self.checkpoints.topic)', or hides it from this user" : nil
    }

    /// One line for each stream, and what a person must know beside it.
    func list(_ contents: KafkaCheckpointStore.Contents) {
        if contents.archive.checkpoints.isEmpty {
            let reason = self.absence(contents).map { ": \($0)" } ?? ""
            StandardStream.output.write(line: "there are no checkpoints\(reason)")
        }
        for entry in contents.archive.checkpoints {
            let checkpoint = entry.checkpoint
            let position = "\(checkpoint.positionKind ?? "")=\(checkpoint.position ?? "")"
            let shown = ControlCharacters.escape(String(position.prefix(200)))
            let by = ControlCharacters.escape(checkpoint.instance)
            StandardStream.output.write(line: "\(entry.id)  \(shown)  committed \(checkpoint.committedAt) by \(by)")
        }
        for (tenant, owner) in contents.owners.sorted(by: { $0.key < $1.key }) {
            StandardStream.output.write(line: "\(tenant) is claimed by \(owner)")
        }
        for defect in contents.defects { StandardStream.output.write(line: "cannot be used: \(defect)") }
    }

    /// Writes `plans` and then `wanted` (nil takes a position away), and says for each stream what that means.
    func change(
        _ contents: KafkaCheckpointStore.Contents,
        to wanted: [StreamID: Checkpoint?],
        plans: [PlanDocument],
        isForced: Bool
    ) async throws {
        let tenants = Set(wanted.keys.map(\.tenant) + plans.map(\.tenant))
        let known = Set(self.configuration.tenants.map(\.name))
        if let stranger = tenants.subtracting(known).min() {
            throw CommandFailure(.usage, "the configuration has no tenant '\(stranger)'")
        }
        for tenant in tenants.sorted() {
            guard let owner = contents.owners[tenant], !isForced else { continue }
            throw CommandFailure(
                .unavailable,
                "the tenant '\(tenant)' is claimed by \(owner): stop that instance; if it was killed, use --force"
            )
        }
        let store = try await OpenCheckpoints(
            self.configuration,
            tenants: tenants,
            forced: isForced,
            clock: self.clock,
            logger: self.logger
        )
        do {
            for plan in plans { try await store.store.commitPlan(plan.plan, of: plan.tenant) }
            for (stream, checkpoint) in wanted.sorted(by: { $0.key.description < $1.key.description }) {
                if let checkpoint {
                    try await store.store.commit(checkpoint, of: stream)
                } else {
                    try await store.reset(stream)
                }
                let before = contents.archive.checkpoints.first { $0.id == stream }
                StandardStream.output.write(line: "\(stream): \(Self.meaning(of: checkpoint, before: before))")
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    /// Positions are opaque: which of two is older, only the server knows.
    static func meaning(of checkpoint: Checkpoint?, before: CheckpointArchive.Entry?) -> String {
        let old = before.flatMap { try? $0.checkpoint.checkpoint() }
        let since = before.map { "the commit of \($0.checkpoint.committedAt)" } ?? "nothing"
        switch (old, checkpoint) {
        case (nil, nil): return "had no position, and has none"
        case (_?, nil):
            return
                "position taken away; what came since \(since) is skipped, and the next start is one without a checkpoint"
        case (nil, let new?): return "position \(Self.shown(new)); what came before it is not delivered"
        case (let old?, let new?) where old.position == new.position: return "position unchanged"
        case (let old?, let new?):
            return
                "position \(Self.shown(new)) instead of \(Self.shown(old)) (\(since)): if it is older, what lies between is "
                + "delivered again; if it is newer, what lies between is skipped"
        }
    }

    private static func shown(_ checkpoint: Checkpoint) -> String {
        "\(checkpoint.position.kind.rawValue)="
            + ControlCharacters.escape(String(checkpoint.position.value.prefix(200)))
    }
}
