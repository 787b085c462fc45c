import Crypto
import NIOCore

/// What is kept of a message that is skipped, besides its first bytes.
struct SkippedMessage {
    /// The most that is copied at a time.
    private static let partBytesMax = 64 * 1024

    /// Why it is skipped.
    let violation: FrameViolation
    private(set) var byteCount = 0
    private var hash = SHA256()

    init(violation: FrameViolation) {
        self.violation = violation
    }

    /// The hash of all its bytes, in hexadecimal.
    var sha256: String {
        self.hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Counts in the next bytes.
    mutating func count(_ piece: ByteBuffer) {
        self.byteCount += piece.readableBytes
        var rest = piece.readableBytesView
        while !rest.isEmpty {
            self.hash.update(data: Array(rest.prefix(Self.partBytesMax)))
            rest = rest.dropFirst(Self.partBytesMax)
        }
    }
}
