/// A key, as far as fuzzing needs one.
public struct SymmetricKey: Sendable {
    let bytes: [UInt8]

    /// The key of these bytes.
    public init(data: [UInt8]) { self.bytes = data }
}

/// Not an HMAC: two checksums that depend on every byte of the key and of what is hashed.
public enum HMAC<Hash> {
    /// The code of `data`.
    public static func authenticationCode(for data: [UInt8], using key: SymmetricKey) -> [UInt8] {
        var (first, second) = (SHA256(), SHA256())
        first.update(data: key.bytes + data)
        second.update(data: data + key.bytes)
        return first.finalize() + second.finalize()
    }
}
