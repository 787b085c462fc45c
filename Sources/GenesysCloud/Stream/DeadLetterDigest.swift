internal import Crypto

/// The digest by which a dead letter is told, also where it was cut.
public enum DeadLetterDigest {
    /// SHA-256 of `bytes`, in hexadecimal.
    public static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
