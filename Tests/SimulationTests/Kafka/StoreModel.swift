import BridgeCore

/// The checkpoint store: what is durable outlives the process.
final class StoreModel {
    unowned(unsafe) let world: World
    private(set) var durable: [Checkpoint?]
    /// The record of each tenant that a transaction wrote last.
    private(set) var written: [PositionWrite?]
    /// Who has claimed each tenant last (`one-owner`).
    var owners: [Int]
    var unavailableUntil: Nanoseconds = 0
    var slowUntil: Nanoseconds = 0

    init(_ world: World) {
        self.world = world
        self.durable = Array(repeating: nil, count: world.plan.tenantCount)
        self.written = Array(repeating: nil, count: world.plan.tenantCount)
        self.owners = Array(repeating: 0, count: world.plan.tenantCount)
    }

    /// Writes; `done` says whether that succeeded. A process that dies meanwhile leaves the old or the new one.
    func commit(
        _ checkpoint: Checkpoint,
        of tenant: TenantUpstream,
        by process: BridgeProcess,
        done: @escaping (Bool) -> Void
    ) {
        let sequence = OpaquePosition.sequence(of: checkpoint.position)
        tenant.truth.committing(sequence, log: tenant.log)
        let isSlow = self.world.now < self.slowUntil
        if isSlow { self.world.fire(.storeSlow) }
        self.world.after(self.world.draw(1...(isSlow ? 10_000 : 15)) * .millisecond) {
            if self.world.now < self.unavailableUntil {
                self.world.fire(.storeUnavailable)
                guard process.isAlive else { return }
                return done(false)
            }
            process.reach(.afterCheckpointWriteBeforeRename)
            guard process.isAlive || !process.diedBeforeRename else { return }
            process.reach(.afterCheckpointRenameBeforeSync)
            // A dead process may have come as far as the disk, or not.
            guard process.isAlive || self.world.oneIn(2) else { return }
            self.makeDurable(checkpoint, sequence, tenant)
            guard process.isAlive else { return }
            self.world.counts.commits += 1
            done(true)
        }
    }

    /// A transaction with this record is committed.
    func makeDurable(_ write: PositionWrite, of tenant: TenantUpstream) {
        let sequence = OpaquePosition.sequence(of: write.checkpoint.position)
        tenant.truth.committing(sequence, log: tenant.log)
        self.written[tenant.number] = write
        self.makeDurable(write.checkpoint, sequence, tenant)
    }

    private func makeDurable(_ checkpoint: Checkpoint, _ sequence: Int, _ tenant: TenantUpstream) {
        self.durable[tenant.number] = checkpoint
        tenant.truth.committed(sequence)
        self.world.note(UInt64(bitPattern: Int64(sequence)))
    }
}
