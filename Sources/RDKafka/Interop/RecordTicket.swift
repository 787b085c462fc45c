#if !_pointerBitWidth(_64)
#error("a record's opaque value carries two 32-bit numbers")
#endif

/// What librdkafka carries through each record, in the place of a pointer: which batch, which record of it.
struct RecordTicket {
    let slot: UInt32
    let index: UInt32

    init(slot: UInt32, index: UInt32) {
        self.slot = slot
        self.index = index
    }

    init(opaque: UnsafeMutableRawPointer?) {
        let bits = UInt(bitPattern: opaque)
        self.init(slot: UInt32(bits >> 32), index: UInt32(truncatingIfNeeded: bits))
    }

    var opaque: UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(bitPattern: UInt(self.slot) << 32 | UInt(self.index))
    }
}
