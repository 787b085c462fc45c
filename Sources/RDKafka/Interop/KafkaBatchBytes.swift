/// The bytes of one batch of records: values, keys and header values are ranges into them.
///
/// Values are handed to librdkafka without a copy. **The address and the content must not change while the object
/// lives**; the producer holds the object until the last record of the batch has been reported.
public protocol KafkaBatchBytes: AnyObject, Sendable {
    /// Lends the bytes. Every call must give the same address and count.
    func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value
}
