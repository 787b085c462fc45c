internal import BridgeCore
internal import Foundation

/// The bytes of a checkpoint file: one line of JSON, and one line with its checksum, so that a file torn by a crash, a full disk or an
/// editor is told apart from a whole one.
struct CheckpointFile: Codable, Hashable {
    /// The only version that this build reads and writes.
    static let currentVersion = 1
    /// A checkpoint file is never larger.
    static let bytesMax = 1 << 20

    /// Why bytes are not a checkpoint file.
    enum Defect: Error, Hashable {
        case torn
        case version(Int)
        case foreign(String)
    }

    var version = CheckpointFile.currentVersion
    var tenant: String
    var stream: String
    var position: String
    var positionKind: String
    var batchId: String?
    var committedAt: String
    var instance: String

    /// The file's bytes.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = [UInt8](try encoder.encode(self))
        return line + Array("\n\(Self.checksum(line))\n".utf8)
    }

    /// Reads a file's bytes as the checkpoint of `stream`.
    static func decode(_ bytes: [UInt8], of stream: StreamID) throws(Defect) -> CheckpointFile {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // Two lines, each ended.
        guard lines.count == 3, lines[2].isEmpty, Array(lines[1]) == Array(Self.checksum(lines[0]).utf8) else {
            throw .torn
        }
        struct Version: Decodable { var version: Int }
        guard let version = try? JSONDecoder().decode(Version.self, from: Data(lines[0])) else { throw .torn }
        guard version.version == Self.currentVersion else { throw .version(version.version) }
        guard let file = try? JSONDecoder().decode(CheckpointFile.self, from: Data(lines[0])) else { throw .torn }
        guard file.tenant == stream.tenant, file.stream == stream.stream else {
            throw .foreign("\(file.tenant)/\(file.stream)")
        }
        return file
    }

    /// FNV-1a, 64 bits, in hexadecimal: finds tearing and slips, not malice.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
