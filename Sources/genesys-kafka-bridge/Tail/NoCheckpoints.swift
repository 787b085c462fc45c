import BridgeCore

/// For a run that begins at the server's present each time.
struct NoCheckpoints: CheckpointStore {
    func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? { nil }
    func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {}
    func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? { nil }
    func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {}
}
