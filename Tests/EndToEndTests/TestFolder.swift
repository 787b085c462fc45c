import Foundation

/// A new folder for one test.
enum TestFolder {
    /// Kept in memory, where a machine has it.
    private static let memory = "/dev/shm"

    /// In memory, if that may be written: commits wait for the disk, and how long a disk takes is nobody's promise here. Bridges of these tests
    /// commit every 50 ms, for 40 tenants and more.
    static func make(_ name: String) throws -> URL {
        let isFast = FileManager.default.isWritableFile(atPath: Self.memory)
        let parent = isFast ? URL(fileURLWithPath: Self.memory) : FileManager.default.temporaryDirectory
        let folder = parent.appendingPathComponent("genesys-kafka-bridge-\(name)-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
