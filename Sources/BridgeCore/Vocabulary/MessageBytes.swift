/// The bytes of one message or of a piece of it: exactly sized, immutable, at an address that never changes while it lives.
///
/// Everything downstream works on ranges of these bytes, and the value that Kafka receives is a slice of them. It is a class
/// with memory of its own, and not an array, because librdkafka reads the bytes after the call that enqueued them has returned.
/// This is the only file of the module with unsafe code.
@safe
public final class MessageBytes: @unchecked Sendable {
    // Sendable: written once in `init`, read-only from then on.
    private let storage: UnsafeRawBufferPointer

    /// How many bytes there are.
    public var count: Int { unsafe self.storage.count }

    /// Copies `bytes` and, behind them, `tail` (decoded strings that do not stand in the message as they are).
    public init(copying bytes: RawSpan, appending tail: [UInt8] = []) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.byteCount + tail.count, alignment: 1)
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<source.count]).copyMemory(from: source)
        }
        unsafe tail.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[bytes.byteCount...]).copyMemory(from: source)
        }
        unsafe self.storage = UnsafeRawBufferPointer(memory)
    }

    /// Copies `bytes`.
    public convenience init(_ bytes: [UInt8]) {
        unsafe self.init(copying: bytes.span.bytes)
    }

    /// Copies a piece of an array.
    convenience init(copying slice: ArraySlice<UInt8>) {
        unsafe self.init(copying: slice.span.bytes)
    }

    /// These bytes and, behind them, `tail`.
    func copy(appending tail: [UInt8]) -> MessageBytes {
        unsafe MessageBytes(copying: RawSpan(_unsafeBytes: self.storage), appending: tail)
    }

    deinit {
        unsafe self.storage.deallocate()
    }

    /// Lends the bytes. The address stays valid, and its content the same, for as long as this object lives.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        unsafe body(self.storage)
    }

    /// Lends the bytes in `range`; none where `range` is not inside.
    public func withSpan<Value>(_ range: ByteRange, _ body: (Span<UInt8>) -> Value) -> Value {
        let isInside = range.end <= self.count
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: self.storage[isInside ? range.start..<range.end : 0..<0])
        return unsafe body(Span(_unsafeBytes: bytes))
    }

    /// A copy of the bytes in `range`; empty where `range` is not inside.
    public func array(_ range: ByteRange) -> [UInt8] {
        guard range.end <= self.count else { return [] }
        return unsafe Array(self.storage[range.start..<range.end])
    }

    /// The bytes in `range` as text, repaired where they are not UTF-8.
    public func string(_ range: ByteRange) -> String {
        String(decoding: self.array(range), as: UTF8.self)
    }

    /// Whether the bytes in `range` are those of `other`. Allocates nothing.
    func equals(_ range: ByteRange, _ other: ArraySlice<UInt8>) -> Bool {
        guard range.count == other.count, range.end <= self.count else { return false }
        return unsafe other.withUnsafeBytes { unsafe self.equals(range.start, $0) }
    }

    /// Whether `other` stands at `start`, where there is room for it. Words of eight bytes: this is asked of every event.
    private func equals(_ start: Int, _ other: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 8 <= other.count {
            let word = unsafe self.storage.loadUnaligned(fromByteOffset: start + index, as: UInt64.self)
            guard unsafe word == other.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
            index += 8
        }
        while index < other.count {
            guard unsafe self.storage[start + index] == other[index] else { return false }
            index += 1
        }
        return true
    }

    /// Appends the bytes in `range` to `bytes`.
    func append(_ range: ByteRange, to bytes: inout [UInt8]) {
        guard range.end <= self.count else { return }
        unsafe bytes.append(contentsOf: self.storage[range.start..<range.end])
    }

    /// A hash of the bytes in `range`: FNV-1a over words of eight bytes. Whoever uses it compares the bytes too.
    func hash(_ range: ByteRange) -> UInt64 {
        guard range.end <= self.count else { return 0 }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var index = range.start
        while index + 8 <= range.end {
            let word = unsafe self.storage.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            hash = (hash ^ word) &* 0x100_0000_01B3
            hash ^= hash >> 29
            index += 8
        }
        while index < range.end {
            hash = unsafe (hash ^ UInt64(self.storage[index])) &* 0x100_0000_01B3
            index += 1
        }
        return hash
    }

    /// A hash of the bytes in both ranges, keyed by the process: nobody outside can make two texts for which it is the same.
    func keyedHash(_ first: ByteRange, _ second: ByteRange) -> Int {
        var hasher = Hasher()
        func combine(_ range: ByteRange) {
            guard range.end <= self.count else { return }
            unsafe hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: self.storage[range.start..<range.end]))
        }
        combine(first)
        combine(second)
        return hasher.finalize()
    }

    /// Whether the bytes in `range` are those of `other`. Allocates nothing.
    public func equals(_ range: ByteRange, _ other: [UInt8]) -> Bool {
        guard range.count == other.count, range.end <= self.count else { return false }
        return unsafe other.withUnsafeBytes { unsafe self.equals(range.start, $0) }
    }
}
