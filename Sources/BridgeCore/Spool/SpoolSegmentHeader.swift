/// The first bytes of a segment, and its name.
///
/// | Byte | Header |
/// |---|---|
/// | 0 | `GKBSPOOL` |
/// | 8 | version, 1 |
/// | 12 | 0 |
/// | 16 | sequence of the first entry |
/// | 24 | 0 |
/// | 28 | CRC-32C of the bytes before this |
public enum SpoolSegmentHeader {
    /// How many bytes it has.
    public static let byteCount = 32
    /// The only version that this build reads and writes.
    public static let currentVersion: UInt32 = 1
    private static let magic: [UInt8] = Array("GKBSPOOL".utf8)
    private static let suffix = ".spool"
    private static let digits = 20

    /// What the first bytes of a segment say.
    public enum Reading: Hashable, Sendable {
        /// They are whole.
        case whole
        /// Another build wrote it.
        case version(Int)
        /// They are torn or changed.
        case damaged
    }

    /// The header of the segment that begins with the entry `first`.
    public static func bytes(first: UInt64, version: UInt32 = Self.currentVersion) -> [UInt8] {
        var writer = ByteWriter(bytes: Self.magic)
        writer.put(version)
        writer.put(UInt32(0))
        writer.put(first)
        writer.put(UInt32(0))
        writer.put(CRC32C.checksum(writer.bytes, 0..<writer.bytes.count))
        return writer.bytes
    }

    /// Reads the first bytes of the segment that begins with the entry `first`.
    public static func read(_ bytes: [UInt8], first: UInt64) -> Reading {
        guard bytes.count >= Self.byteCount, bytes.starts(with: Self.magic) else { return .damaged }
        var reader = ByteReader(bytes, 8..<Self.byteCount)
        guard let version = reader.take(UInt32.self) else { return .damaged }
        guard Array(bytes[..<Self.byteCount]) == Self.bytes(first: first, version: version) else { return .damaged }
        return version == Self.currentVersion ? .whole : .version(Int(version))
    }

    /// The name of the segment that begins with the entry `first`: names sort as the entries do.
    public static func name(first: UInt64) -> String {
        let number = String(first)
        return String(repeating: "0", count: Self.digits - number.count) + number + Self.suffix
    }

    /// The entry with which the segment called `name` begins; nil where that is no segment's name.
    public static func first(ofName name: String) -> UInt64? {
        guard name.hasSuffix(Self.suffix), let first = UInt64(name.dropLast(Self.suffix.count)),
            Self.name(first: first) == name
        else { return nil }
        return first
    }
}
