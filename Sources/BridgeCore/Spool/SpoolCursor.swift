/// How far a spool's entries are committed: the content of a small file beside the segments, written before what lies before it is deleted. One
/// line of text with its checksum.
public struct SpoolCursor: Hashable, Sendable {
    private static let name = "spool-cursor"
    private static let version = "1"
    /// A cursor's bytes are never more.
    public static let byteCountMax = 4096

    /// Why bytes are no cursor.
    public enum Defect: Error, Hashable, Sendable {
        /// They are torn or were changed.
        case damaged
        /// Another build wrote them.
        case version(String)
    }

    /// The last entry that is committed, with everything before it; 0: none.
    public var committed: UInt64
    /// The newest mark that was durable then.
    public var coveredUntilMilliseconds: Int64?

    /// A cursor at `committed`.
    public init(committed: UInt64, coveredUntilMilliseconds: Int64?) {
        self.committed = committed
        self.coveredUntilMilliseconds = coveredUntilMilliseconds
    }

    /// The cursor as bytes.
    public var bytes: [UInt8] {
        let covered = self.coveredUntilMilliseconds.map { String($0) } ?? "-"
        return Self.line("\(Self.name) \(Self.version) \(self.committed) \(covered)")
    }

    /// Reads what `bytes` wrote.
    public init(_ bytes: [UInt8]) throws(Defect) {
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0] == Self.name else { throw .damaged }
        guard Self.line(fields.dropLast().joined(separator: " ")) == bytes else { throw .damaged }
        guard fields[1] == Self.version else { throw .version(String(fields[1])) }
        guard fields.count == 5, let committed = UInt64(fields[2]) else { throw .damaged }
        let covered = Int64(fields[3])
        guard covered != nil || fields[3] == "-" else { throw .damaged }
        self.init(committed: committed, coveredUntilMilliseconds: covered)
    }

    private static func line(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let checksum = String(CRC32C.checksum(bytes, 0..<bytes.count), radix: 16)
        return bytes + Array(" \(checksum)\n".utf8)
    }
}
