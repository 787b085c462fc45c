/// The 32-bit MurmurHash2 variant that Kafka's Java clients use to choose a partition.
///
/// Source: `org.apache.kafka.common.utils.Utils.murmur2`, whose test vectors the tests repeat.
public enum Murmur2 {
    /// The hash of `bytes`, as the signed number that Kafka's own tests show.
    public static func hash(_ bytes: [UInt8]) -> Int32 {
        let multiplier: UInt32 = 0x5bd1_e995
        var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: bytes.count)
        let wholeWords = bytes.count / 4
        for word in 0..<wholeWords {
            var value: UInt32 = 0
            for byte in 0..<4 {
                value |= UInt32(bytes[word * 4 + byte]) << UInt32(8 * byte)
            }
            value &*= multiplier
            value ^= value >> 24
            value &*= multiplier
            hash = (hash &* multiplier) ^ value
        }
        let tail = bytes[(wholeWords * 4)...]
        if !tail.isEmpty {
            for (index, byte) in tail.enumerated() {
                hash ^= UInt32(byte) << UInt32(8 * index)
            }
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return Int32(bitPattern: hash)
    }
}
