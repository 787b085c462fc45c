/// A message that is not a batch: not UTF-8, not JSON, not text, or above the hard limit (S2.7). The socket that brought it is still
/// open.
public struct UnreadableMessage: Sendable {
    /// What was received of it, cut at the record limit.
    public var bytes: MessageBytes
    /// How many bytes it has in all.
    public var byteCount: Int
    /// SHA-256 of all its bytes, in hexadecimal.
    public var sha256: String
    /// What is wrong with it, in words that are safe to print.
    public var reason: String
    /// The code with which a connection is closed for it.
    public var closeCode: UInt16

    /// A message of the given parts.
    public init(bytes: MessageBytes, byteCount: Int, sha256: String, reason: String, closeCode: UInt16) {
        self.bytes = bytes
        self.byteCount = byteCount
        self.sha256 = sha256
        self.reason = reason
        self.closeCode = closeCode
    }
}
