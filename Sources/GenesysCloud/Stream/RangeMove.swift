import BridgeCore

/// Where a range of a message, or of the decoded strings behind it, stands in one batch's own bytes.
struct RangeMove {
    /// The message's length; a range from here on points into its decoded strings.
    private let messageCount: UInt32
    /// Subtracted from a range of the message.
    private let sliceStart: UInt32
    /// Added to a range of the decoded strings, modulo 2^32.
    private let tailOffset: UInt32

    /// A move to a batch that has `slice` of the message and, behind it, the decoded strings from `tailStart` on.
    init(messageCount: Int, slice: Range<Int>, tailStart: Int) {
        self.messageCount = UInt32(truncatingIfNeeded: messageCount)
        self.sliceStart = UInt32(truncatingIfNeeded: slice.lowerBound)
        self.tailOffset = UInt32(truncatingIfNeeded: slice.count - messageCount - tailStart)
    }

    /// `range`, moved.
    func moved(_ range: ByteRange) -> ByteRange {
        let isInMessage = range.offset < self.messageCount
        let offset = isInMessage ? range.offset &- self.sliceStart : range.offset &+ self.tailOffset
        return ByteRange(offset: offset, length: range.length)
    }
}
