public import BridgeCore

/// What the transactions of one tenant partition have done and are doing, at one moment.
public struct TransactionSnapshot: Hashable, Sendable {
    /// The partition.
    public var partition: TenantPartition
    /// When the open transaction began; nil while there is none.
    public var openSince: Instant?
    /// Transactions that were committed.
    public var commits: UInt64 = 0
    /// Transactions that were aborted, because a record of them was not written.
    public var aborts: UInt64 = 0
    /// Times that a new producer had to find out what was committed.
    public var recoveries: UInt64 = 0
    /// Messages that a commit has cut in two, because they do not fit into their stream's window.
    public var splitMessages: UInt64 = 0

    init(partition: TenantPartition) {
        self.partition = partition
    }
}
