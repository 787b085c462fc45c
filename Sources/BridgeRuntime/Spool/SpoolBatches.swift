public import BridgeCore

/// The batches of a spool, in order, each with its place as its position. One task iterates.
public struct SpoolBatches: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let spool: Spool
    let generation: Int

    /// The same.
    public func makeAsyncIterator() -> SpoolBatches { self }

    /// The next batch, waiting for one; nil once a newer reader has begun, or the spool or the task has ended.
    /// - Throws: `SpoolError`: `.unavailable` where the disk cannot be read, `.unreadable` where the policy is to fail for damage.
    public func next() async throws(SpoolError) -> NotificationBatch? {
        try await self.spool.next(generation: self.generation)
    }

    /// The same, whoever asks.
    public func next(isolation: isolated (any Actor)?) async throws(SpoolError) -> NotificationBatch? {
        try await self.spool.next(generation: self.generation)
    }
}
