import NIOCore

/// Decompresses the payloads of messages (RFC 7692 section 7.2.2), in pieces of a fixed size, however well they were
/// compressed.
struct MessageInflater: ~Copyable {
    /// The size of a piece, in bytes.
    static let pieceBytesMax = 64 * 1024

    /// What a sender leaves out at the end of each message.
    private static let tail = ByteBuffer(bytes: [0x00, 0x00, 0xFF, 0xFF])

    private let agreement: DeflateAgreement
    private var inflater = Inflater()
    /// Reused for every piece. The bytes of the last one stay valid until the next one is asked for.
    private var piece = ByteBufferAllocator().buffer(capacity: Self.pieceBytesMax)
    private var tailLeft: ByteBuffer?

    init(_ agreement: DeflateAgreement) {
        self.agreement = agreement
    }

    /// The next piece of what `input` stands for; nil when it is used up. Copy it before the next call.
    mutating func next(_ input: inout ByteBuffer) throws(FrameViolation) -> ByteBuffer? {
        self.piece.clear()
        let outcome = self.inflater.inflate(&input, into: &self.piece)
        // What came before corrupt bytes is looked at first: what a message fails for must not depend on how it was read.
        if self.piece.readableBytes > 0 { return self.piece }
        guard outcome != .corrupt else { throw .invalidData("a compressed message that is not DEFLATE") }
        return nil
    }

    /// The next piece of what is left at the end of a message; nil when there is nothing more. Call until it is nil.
    mutating func nextAtEnd() throws(FrameViolation) -> ByteBuffer? {
        if self.tailLeft == nil {
            // A sender that ends its message with a last block, or compresses nothing to nothing, leaves nothing out.
            self.tailLeft = self.inflater.isAtBlockBoundary ? ByteBuffer() : Self.tail
        }
        if var tail = self.tailLeft, let piece = try self.next(&tail) {
            self.tailLeft = tail
            return piece
        }
        self.tailLeft = nil
        guard self.inflater.isAtBlockBoundary else {
            throw .invalidData("a compressed message that ends inside a DEFLATE block")
        }
        if !self.agreement.keepsContext { self.inflater.reset() }
        return nil
    }
}
