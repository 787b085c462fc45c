import Foundation

/// Reads files of bounded size.
enum BoundedFile {
    /// The bytes of the file at `path`, at most `limit` + 1 of them: one more says that the file is too large.
    static func read(_ path: String, limit: Int) throws(FileProblem) -> [UInt8] {
        guard FileManager.default.fileExists(atPath: path) else {
            throw FileProblem(reason: "does not exist")
        }
        guard !FileManager.default.fileExists(atPath: "\(path)/.") else { throw FileProblem(reason: "is a directory") }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw FileProblem(reason: "cannot be opened for reading")
        }
        defer { try? handle.close() }
        var bytes: [UInt8] = []
        // A pipe gives its content in pieces.
        do {
            while bytes.count <= limit, let piece = try handle.read(upToCount: limit + 1 - bytes.count), !piece.isEmpty
            {
                bytes += piece
            }
        } catch {
            throw FileProblem(reason: "cannot be read")
        }
        return bytes
    }
}
