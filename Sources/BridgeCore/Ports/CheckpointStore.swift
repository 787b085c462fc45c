/// Keeps the committed position of every stream.
public protocol CheckpointStore: Sendable {
    /// The last committed checkpoint of `stream`; nil where there is none. Throws where there is one that cannot be read:
    /// never a silent start from nothing.
    func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint?

    /// Makes `checkpoint` durable before it returns. One call at a time for a stream.
    func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError)

    /// Waits until another instance has the tenant, and says who (`one-owner`); nil when the task is cancelled.
    func ownershipLost(of tenant: String) async -> CheckpointStoreError?

    /// Which stream of `tenant` brings which subscription; nil where that was never stored. Throws where it cannot be read.
    func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan?

    /// Makes `plan` durable before it returns. One call at a time for a tenant.
    func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError)
}

extension CheckpointStore {
    /// A store that only one instance can open loses nothing.
    public func ownershipLost(of tenant: String) async -> CheckpointStoreError? { nil }
}
