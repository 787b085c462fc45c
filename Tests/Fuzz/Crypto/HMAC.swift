/// A key, as far as fuzzing needs one.
public struct SymmetricKey: Sendable {
    let bytes: [UInt8]

    /// The key of these bytes.
    public init(data: [UInt8]) { self.bytes = data }
}

/// Not an HMAC: two checksums that depend on every byte of the key and of what is hashed.
public struct HMAC<Hash>: Sendable {
    private var data: [UInt8] = []
    private let key: SymmetricKey

    /// Nothing counted in yet.
    public init(key: SymmetricKey) { self.key = key }

    /// Counts in `data`.
    public mutating func update(data: [UInt8]) { self.data += data }

    /// The code of all data.
    public func finalize() -> [UInt8] {
        var (first, second) = (SHA256(), SHA256())
        first.update(data: self.key.bytes + self.data)
        second.update(data: self.data + self.key.bytes)
        return first.finalize() + second.finalize()
    }
}
