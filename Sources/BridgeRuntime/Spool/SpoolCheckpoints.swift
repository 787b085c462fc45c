public import BridgeCore

/// The checkpoint store of a delivery that reads from a spool: positions are the spool's, everything else is another store's.
public struct SpoolCheckpoints: CheckpointStore {
    private let spool: Spool
    private let plans: any CheckpointStore

    /// Commits to `spool`; plans and ownership are those of `plans`.
    public init(spool: Spool, plans: any CheckpointStore) {
        self.spool = spool
        self.plans = plans
    }

    /// The spool's committed position.
    public func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? {
        await self.spool.committed.map { Checkpoint(position: $0) }
    }

    /// Commits to the spool.
    public func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {
        do {
            try await self.spool.commit(checkpoint.position)
        } catch {
            let kind: CheckpointStoreError.Kind =
                switch error.kind {
                case .locked: .locked
                case .unreadable, .foreignPosition, .invalidPolicy: .unreadable
                case .unavailable, .stopped: .unavailable
                }
            throw CheckpointStoreError(kind: kind, description: error.description)
        }
    }

    /// Of the other store.
    public func ownershipLost(of tenant: String) async -> CheckpointStoreError? {
        await self.plans.ownershipLost(of: tenant)
    }

    /// Of the other store.
    public func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? {
        try await self.plans.loadPlan(of: tenant)
    }

    /// Of the other store.
    public func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {
        try await self.plans.commitPlan(plan, of: tenant)
    }
}
