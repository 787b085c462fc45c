internal import CZlib
import NIOCore

/// zlib's decompressor for raw DEFLATE (RFC 1951), which goes on over any number of blocks and streams. The only place
/// of this module that knows C.
@safe
struct Inflater: ~Copyable {
    enum Outcome: Equatable {
        /// All of the input was taken in, and all that it stands for was written.
        case needsInput
        /// There is no room left, and there may be more to write.
        case outputIsFull
        /// The input is not DEFLATE; what came before that was written. The same again on every further call.
        case corrupt
    }

    /// On the heap: zlib keeps its address. About 10 KB, and the window of 32 KiB once it is used.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Whether the input ended behind a block and at the end of a byte.
    private(set) var isAtBlockBoundary = true
    /// Whether a call without input has something to say.
    private var isOutputPending = false

    init() {
        unsafe self.stream = .allocate(capacity: 1)
        unsafe self.stream.initialize(to: z_stream())
        let code = unsafe czlib_inflate_init_raw(self.stream)
        // It fails without memory, or with another version of zlib than it was compiled for.
        precondition(code == Z_OK, "zlib cannot be started (\(code))")
    }

    deinit {
        unsafe inflateEnd(self.stream)
        unsafe self.stream.deinitialize(count: 1)
        unsafe self.stream.deallocate()
    }

    /// Takes bytes off the front of `input`, and appends to `output` until what it has allocated is full.
    mutating func inflate(_ input: inout ByteBuffer, into output: inout ByteBuffer) -> Outcome {
        guard input.readableBytes > 0 || self.isOutputPending else { return .needsInput }
        var outcome = Outcome.needsInput
        unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: 1) { room in
            var written = 0
            unsafe input.readWithUnsafeReadableBytes { bytes in
                unsafe self.stream.pointee.next_in = unsafe UnsafeMutablePointer(
                    mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
                unsafe self.stream.pointee.avail_in = UInt32(clamping: bytes.count)
                unsafe self.stream.pointee.next_out = unsafe room.baseAddress?.assumingMemoryBound(to: UInt8.self)
                let roomCount = UInt32(clamping: room.count)
                unsafe self.stream.pointee.avail_out = roomCount
                let inputCount = unsafe self.stream.pointee.avail_in
                outcome = self.run()
                // Its pointers are not looked at again: the next call sets them anew.
                written = unsafe Int(roomCount - self.stream.pointee.avail_out)
                return unsafe Int(inputCount - self.stream.pointee.avail_in)
            }
            return written
        }
        self.isOutputPending = outcome != .needsInput
        return outcome
    }

    /// Forgets what came before: the next input cannot refer to it.
    mutating func reset() {
        _ = unsafe inflateReset(self.stream)
        self.isAtBlockBoundary = true
    }

    private mutating func run() -> Outcome {
        while true {
            let code = unsafe CZlib.inflate(self.stream, Z_SYNC_FLUSH)
            let (inputCount, roomCount) = unsafe (self.stream.pointee.avail_in, self.stream.pointee.avail_out)
            switch code {
            case Z_OK, Z_BUF_ERROR:
                // zlib's word for it: 128 at the end of a block, plus the bits that the last byte has left.
                self.isAtBlockBoundary = unsafe self.stream.pointee.data_type & 0xBF == 128
                if roomCount == 0 { return .outputIsFull }
                if inputCount == 0 { return .needsInput }
                // It stops for one of the two reasons above only; never turn in a circle.
                if code == Z_BUF_ERROR { return .corrupt }
            case Z_STREAM_END:
                // A last block ends a stream, not the message (RFC 7692 section 7.2.3.4). What follows may refer to it.
                _ = unsafe inflateResetKeep(self.stream)
                self.isAtBlockBoundary = true
                if inputCount == 0 { return .needsInput }
                if roomCount == 0 { return .outputIsFull }
            default:
                return .corrupt
            }
        }
    }
}
