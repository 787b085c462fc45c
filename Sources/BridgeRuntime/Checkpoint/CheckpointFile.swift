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
    func encoded() throws -> [UInt8] { try ChecksummedLine.encode(self) }

    /// Reads a file's bytes as the checkpoint of `stream`.
    static func decode(_ bytes: [UInt8], of stream: StreamID) throws(Defect) -> CheckpointFile {
        guard let line = ChecksummedLine.line(of: bytes) else { throw .torn }
        guard let version = ChecksummedLine.version(of: line) else { throw .torn }
        guard version == Self.currentVersion else { throw .version(version) }
        guard let file = try? JSONDecoder().decode(CheckpointFile.self, from: Data(line)) else { throw .torn }
        guard file.tenant == stream.tenant, file.stream == stream.stream else {
            throw .foreign("\(file.tenant)/\(file.stream)")
        }
        return file
    }
}
