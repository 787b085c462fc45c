/// What two copies of an event have in common, without their bytes: two hashes of its topic and body, one of them keyed by the process so
/// that nobody can make two bodies that look the same, and their lengths.
public struct EventFingerprint: Hashable, Sendable {
    private let keyed: Int
    private let plain: UInt64
    private let byteCount: UInt64

    /// The fingerprint of the event that `match` describes, in `bytes`. Allocates nothing.
    public init(_ match: ChannelBatch.Match, in bytes: MessageBytes) {
        self.keyed = bytes.keyedHash(match.topic, match.body)
        self.plain = bytes.hash(match.topic) &* 31 &+ bytes.hash(match.body)
        self.byteCount = UInt64(match.topic.length) << 32 | UInt64(match.body.length)
    }

    /// Three numbers.
    init(keyed: Int, plain: UInt64, byteCount: UInt64) {
        self.keyed = keyed
        self.plain = plain
        self.byteCount = byteCount
    }

    /// It is a hash already.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.keyed)
    }
}
