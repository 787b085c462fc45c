public import BridgeCore

/// The store of a process whose producers commit positions themselves: it reads, keeps plans and watches over ownership, and a position
/// that comes to it is durable already.
public struct TransactionalCheckpoints: CheckpointStore {
    private let store: KafkaCheckpointStore

    /// Over the store that the producers write to.
    public init(_ store: KafkaCheckpointStore) {
        self.store = store
    }

    /// See `CheckpointStore`.
    public func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? {
        try await self.store.load(stream)
    }

    /// Nothing is left to write. Throws where another instance has the tenant.
    public func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {
        try self.store.checkOwner(stream.tenant)
    }

    /// See `CheckpointStore`.
    public func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? {
        try await self.store.loadPlan(of: tenant)
    }

    /// See `CheckpointStore`.
    public func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {
        try await self.store.commitPlan(plan, of: tenant)
    }

    /// See `CheckpointStore`.
    public func ownershipLost(of tenant: String) async -> CheckpointStoreError? {
        await self.store.ownershipLost(of: tenant)
    }
}
