/// Batch bytes in memory of their own: a copy of what the caller gives, in one block of the exact size.
@safe public final class KafkaBytes: KafkaBatchBytes, @unchecked Sendable {
    private let storage: UnsafeRawBufferPointer

    /// Copies the bytes.
    public init(_ bytes: some Collection<UInt8>) {
        // At least one byte, so that even an empty batch has an address.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
        unsafe copy.copyBytes(from: bytes)
        unsafe self.storage = UnsafeRawBufferPointer(rebasing: copy.prefix(bytes.count))
    }

    deinit {
        unsafe self.storage.deallocate()
    }

    /// Lends the bytes; their address never changes.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        unsafe body(self.storage)
    }
}
