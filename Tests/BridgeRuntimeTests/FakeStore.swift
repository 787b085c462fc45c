import BridgeCore
import Synchronization

/// A store in memory that remembers every commit.
final class FakeStore: CheckpointStore {
    struct State {
        var commits: [String] = []
        var failuresLeft = 0
        /// After so many commits another instance has the tenant.
        var commitsUntilLost = Int.max
        var unreadable: CheckpointStoreError?
        var initial: Checkpoint?
        var plan: SubscriptionPlan?
        var planFailure: CheckpointStoreError?
        /// Commits wait while this is set, as behind a slow disk.
        var isBlocked = false
        /// Another instance has the tenant.
        var successor: String?
    }

    let state: Mutex<State>

    init(initial: String? = nil, failures: Int = 0, unreadable: CheckpointStoreError? = nil) {
        let checkpoint = initial.map { Checkpoint(position: Position(kind: .lastEventId, value: $0)) }
        self.state = Mutex(State(failuresLeft: failures, unreadable: unreadable, initial: checkpoint))
    }

    func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? {
        let (error, checkpoint) = self.state.withLock { ($0.unreadable, $0.initial) }
        if let error { throw error }
        return checkpoint
    }

    /// A producer has committed this.
    func hold(_ progress: BatchProgress?) {
        guard let progress else { return }
        self.state.withLock { state in
            guard let position = progress.checkpoint?.position ?? state.initial?.position else { return }
            let ids = progress.events.map { progress.bytes.string($0.id) }
            state.initial = Checkpoint(position: position, eventIDs: (state.initial?.eventIDs ?? []) + ids)
        }
    }

    func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {
        while self.state.withLock({ $0.isBlocked }), !Task.isCancelled { await Task.yield() }
        let isFailing = self.state.withLock { state in
            if state.failuresLeft > 0 {
                state.failuresLeft -= 1
                return true
            }
            state.commits.append(checkpoint.position.value)
            return false
        }
        if self.state.withLock({ $0.commits.count > $0.commitsUntilLost }) {
            throw CheckpointStoreError(kind: .locked, description: "taken over by two")
        }
        if isFailing { throw CheckpointStoreError(kind: .unavailable, description: "disk full") }
    }

    func ownershipLost(of tenant: String) async -> CheckpointStoreError? {
        while !Task.isCancelled {
            if let successor = self.state.withLock({ $0.successor }) {
                return CheckpointStoreError(kind: .locked, description: "taken over by \(successor)")
            }
            await Task.yield()
        }
        return nil
    }

    func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? {
        let (error, plan) = self.state.withLock { ($0.unreadable, $0.plan) }
        if let error { throw error }
        return plan
    }

    func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {
        let failure = self.state.withLock { state in
            if state.planFailure == nil { state.plan = plan }
            return state.planFailure
        }
        if let failure { throw failure }
    }

    var commits: [String] { self.state.withLock { $0.commits } }
}
