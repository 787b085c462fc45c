internal import BridgeCore

/// A session's way into a spool.
struct SpoolSink: ChannelSink {
    let spool: Spool

    /// Returns when the batches are durable, or dropped and accounted for there. What the disk refuses is accounted for as well, so that the
    /// session goes on; only a spool that has ended takes nothing more.
    func keep(_ batches: [NotificationBatch]) async -> Bool {
        do throws(SpoolError) {
            try await self.spool.append(batches)
            return true
        } catch {
            return error.kind == .unavailable
        }
    }

    func covered(untilMilliseconds milliseconds: Int64) async {
        await self.spool.mark(coveredUntilMilliseconds: milliseconds)
    }
}
