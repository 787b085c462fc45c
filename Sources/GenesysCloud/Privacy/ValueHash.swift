import BridgeCore
import Crypto

/// Keyed hashes: equal bytes have equal ones, and without the key nobody can tell whose hash one is, not even by guessing.
struct ValueHash: Sendable {
    /// Of the 256 bits of an HMAC-SHA-256 these are kept: chance makes two of 10^15 values the same with a probability below 10^-8.
    static let byteCount = 16

    private static let digits = Array("0123456789abcdef".utf8)

    /// The key, taken in; each hash begins with a copy.
    private let begun: HMAC<SHA256>

    /// Hashes under the bytes of `key`.
    init(key: Secret) {
        self.begun = HMAC(key: SymmetricKey(data: Array(key.revealed.utf8)))
    }

    /// Appends the hash of `bytes`: 32 digits, 0-9 and a-f. In such a form an id in a topic's name is still one for `TopicParser`.
    func append(of bytes: [UInt8], to text: inout [UInt8]) {
        var hmac = self.begun
        hmac.update(data: bytes)
        for byte in hmac.finalize().prefix(Self.byteCount) {
            text.append(Self.digits[Int(byte >> 4)])
            text.append(Self.digits[Int(byte & 0x0F)])
        }
    }

    /// The hash of a text's UTF-8.
    func text(of text: String) -> String {
        var bytes: [UInt8] = []
        self.append(of: Array(text.utf8), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
