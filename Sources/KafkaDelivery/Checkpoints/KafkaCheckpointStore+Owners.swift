public import BridgeCore
internal import Locking

// Who has a tenant.

extension KafkaCheckpointStore {
    /// See `CheckpointStore`.
    public func ownershipLost(of tenant: String) async -> CheckpointStoreError? {
        let wakeup = Wakeup()
        self.watchers.withLock { $0[ObjectIdentifier(wakeup)] = wakeup }
        defer { self.watchers.withLock { $0[ObjectIdentifier(wakeup)] = nil } }
        while !Task.isCancelled {
            do throws(CheckpointStoreError) {
                try self.checkOwner(tenant)
            } catch {
                return error
            }
            await wakeup.wait()
        }
        return nil
    }

    /// The brokers say that `successor` has the tenants.
    func giveUp(_ tenants: Set<String>, to successor: String) {
        self.table.withLock { table in
            for tenant in tenants { table.lose(tenant, to: successor) }
        }
        self.wakeWatchers()
    }

    func wakeWatchers() {
        for wakeup in self.watchers.withLock({ Array($0.values) }) { wakeup.signal() }
    }

    /// What this instance has claimed; nil where it has not.
    func claim(of tenant: String) -> CheckpointTable.Claim? {
        self.table.withLock { $0.claims[tenant] }
    }

    /// The epoch of the claim; 0 where there is none.
    func claimedEpoch(of tenant: String) -> Int64 { self.claim(of: tenant)?.epoch ?? 0 }
}
