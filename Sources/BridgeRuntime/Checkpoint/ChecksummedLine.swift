internal import Foundation

/// One line of JSON, and one line with its checksum: a file torn by a crash, a full disk or an editor is told apart from a whole one.
enum ChecksummedLine {
    /// The bytes of a file that holds `value`.
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = [UInt8](try encoder.encode(value))
        return line + Array("\n\(Self.checksum(line))\n".utf8)
    }

    /// The line of JSON in a file's bytes; nil where they are not whole.
    static func line(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // Two lines, each ended.
        guard lines.count == 3, lines[2].isEmpty, Array(lines[1]) == Array(Self.checksum(lines[0]).utf8) else {
            return nil
        }
        return lines[0]
    }

    /// The line's field `version`; nil where it has none.
    static func version(of line: ArraySlice<UInt8>) -> Int? {
        struct Version: Decodable { var version: Int }
        return try? JSONDecoder().decode(Version.self, from: Data(line)).version
    }

    /// FNV-1a, 64 bits, in hexadecimal: finds tearing and slips, not malice.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
