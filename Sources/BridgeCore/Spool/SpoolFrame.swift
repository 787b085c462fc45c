/// One entry as bytes: a header with a checksum of its own, so that a damaged body does not hide where the next entry begins, and the body.
///
/// | Byte | Header |
/// |---|---|
/// | 0 | `Sp` |
/// | 2 | version of the frame, 1 |
/// | 3 | kind of the content |
/// | 4 | bytes of the body |
/// | 8 | sequence |
/// | 16 | bytes of this segment that were durable when the entry was written |
/// | 20 | CRC-32C of the body |
/// | 24 | CRC-32C of the header's bytes before this |
///
/// The durable length tells a torn tail from rot: whole bytes behind a damaged place that say the place was durable prove that it was.
public enum SpoolFrame {
    static let headerByteCount = 28
    static let version: UInt8 = 1
    private static let magic: [UInt8] = Array("Sp".utf8)

    /// What stands at a place.
    public enum Reading: Sendable {
        /// A whole entry. The next one begins at `end`. When it was written, `durable` bytes of its segment were durable.
        case entry(SpoolEntry, end: Int, durable: Int)
        /// The beginning of an entry of so many bytes, or of its header.
        case incomplete(byteCount: Int)
        /// No entry. Where only its body is damaged, the next one begins at `end`.
        case damaged(end: Int?)
    }

    private struct Header {
        var kind: UInt8
        var bodyByteCount: Int
        var sequence: UInt64
        var durable: Int
        var bodyChecksum: UInt32
    }

    /// Bytes that an entry with `content` takes.
    public static func byteCount(of content: SpoolContent) -> Int { Self.headerByteCount + content.bodyByteCount }

    /// Bytes that a loss takes.
    static let lossByteCount = Self.headerByteCount + SpoolContent.lossByteCount

    /// Appends an entry.
    public static func append(_ entry: SpoolEntry, durable: Int, to bytes: inout [UInt8]) {
        var writer = ByteWriter()
        swap(&writer.bytes, &bytes)
        let start = writer.bytes.count
        writer.bytes += Self.magic
        writer.put(Self.version)
        writer.put(entry.content.kind)
        writer.put(UInt32(entry.content.bodyByteCount))
        writer.put(entry.sequence)
        writer.put(UInt32(durable))
        writer.put(UInt64(0))
        let body = writer.bytes.count
        entry.content.write(to: &writer)
        writer.patch(CRC32C.checksum(writer.bytes, body..<writer.bytes.count), at: start + 20)
        writer.patch(CRC32C.checksum(writer.bytes, start..<(start + 24)), at: start + 24)
        swap(&writer.bytes, &bytes)
    }

    /// Reads what stands at `offset`, which lies inside or at the end.
    public static func read(_ bytes: [UInt8], at offset: Int) -> Reading {
        guard bytes.count - offset >= Self.headerByteCount else { return .incomplete(byteCount: Self.headerByteCount) }
        guard let header = Self.header(bytes, at: offset) else { return .damaged(end: nil) }
        let body = offset + Self.headerByteCount
        let end = body + header.bodyByteCount
        guard end <= bytes.count else { return .incomplete(byteCount: end - offset) }
        guard CRC32C.checksum(bytes, body..<end) == header.bodyChecksum else { return .damaged(end: end) }
        var reader = ByteReader(bytes, body..<end)
        guard let content = SpoolContent.read(kind: header.kind, &reader) else { return .damaged(end: end) }
        let entry = SpoolEntry(sequence: header.sequence, content: content)
        return .entry(entry, end: end, durable: header.durable)
    }

    private static func header(_ bytes: [UInt8], at offset: Int) -> Header? {
        // Asked of every byte behind a damaged place: the cheap question first.
        guard bytes[offset] == Self.magic[0], bytes[offset + 1] == Self.magic[1], bytes[offset + 2] == Self.version
        else { return nil }
        var reader = ByteReader(bytes, (offset + 3)..<(offset + Self.headerByteCount))
        guard let kind = reader.take(UInt8.self), let bodyByteCount = reader.take(UInt32.self),
            let sequence = reader.take(UInt64.self), let durable = reader.take(UInt32.self),
            let bodyChecksum = reader.take(UInt32.self), let checksum = reader.take(UInt32.self),
            checksum == CRC32C.checksum(bytes, offset..<(offset + 24))
        else { return nil }
        return Header(
            kind: kind,
            bodyByteCount: Int(bodyByteCount),
            sequence: sequence,
            durable: Int(durable),
            bodyChecksum: bodyChecksum
        )
    }
}
