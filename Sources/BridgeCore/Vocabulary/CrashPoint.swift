/// A place at which a test may kill the process, with what is durable there and what a restart must therefore do.
public enum CrashPoint: String, Sendable, CaseIterable {
    /// A batch is in the queue; nothing of it is in Kafka. The source must replay it.
    case afterReceiveBeforeProduce
    /// A batch's records are enqueued; whether Kafka has them is unknown. They are delivered again.
    case afterProduceBeforeAcknowledge
    /// Kafka acknowledged; the position is not durable. The batch is delivered again, never lost.
    case afterAcknowledgeBeforeCommit
    /// The temporary checkpoint file is written, not renamed. The restart reads the previous position.
    case afterCheckpointWriteBeforeRename
    /// The checkpoint is renamed, its folder not yet synced. The restart reads the old or the new position, both whole.
    case afterCheckpointRenameBeforeSync
}
