import Foundation

/// A folder that lives as long as the closure that uses it.
struct TemporaryFolder {
    let url: URL

    static func with<Result>(_ body: (TemporaryFolder) async throws -> Result) async throws -> Result {
        let name = "genesys-kafka-bridge-\(UUID().uuidString)"
        let folder = TemporaryFolder(url: FileManager.default.temporaryDirectory.appendingPathComponent(name))
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder.url) }
        return try await body(folder)
    }

    /// Writes a file and returns its path.
    func file(_ name: String, _ content: String = "") throws -> String {
        let url = self.url.appendingPathComponent(name)
        try Data(content.utf8).write(to: url)
        return url.path
    }
}
