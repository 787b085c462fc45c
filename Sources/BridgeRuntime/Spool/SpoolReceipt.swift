/// What became of what was appended: all of it is durable, or dropped and accounted for.
public struct SpoolReceipt: Hashable, Sendable {
    /// The newest entry that is durable now; nil: everything was dropped.
    public var last: UInt64?
    /// How many batches were dropped. A loss in the spool accounts for them.
    public var dropped = 0

    /// A receipt.
    public init(last: UInt64? = nil, dropped: Int = 0) {
        self.last = last
        self.dropped = dropped
    }
}
