internal import BridgeCore
internal import Locking

extension Wakeup {
    /// Waits for a signal, for `deadline`, or for the task to be cancelled.
    func wait(until deadline: Instant?, clock: any BridgeClock) async {
        guard let deadline else { return await self.wait() }
        await self.wait(orFor: { try await clock.sleep(until: deadline) })
    }
}
