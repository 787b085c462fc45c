import Foundation

/// The working tree that these tests belong to.
enum Repository {
    /// The folder with `Package.swift`.
    static let root: URL = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path), folder.path != "/"
        {
            folder = folder.deletingLastPathComponent()
        }
        return folder
    }()

    static let sources = swiftFiles(below: "Sources")
    static let tests = swiftFiles(below: "Tests")

    static func fullPath(_ path: String) -> String {
        self.root.appending(path: path).path
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: self.fullPath(path))
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: self.fullPath(path))
    }

    static func text(of path: String) throws -> String {
        try String(contentsOf: self.root.appending(path: path), encoding: .utf8)
    }

    /// The names directly below `path`, sorted; hidden ones are left out.
    static func names(in path: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: self.fullPath(path))
        return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: self.fullPath(path),
            isDirectory: &isFolder
        )
        return exists && isFolder.boolValue
    }

    /// All paths of files below `path`.
    static func files(below path: String) -> [String] {
        self.names(in: path).flatMap { name -> [String] in
            let child = "\(path)/\(name)"
            return self.isFolder(child) ? self.files(below: child) : [child]
        }
    }

    /// All paths of folders below `path`.
    static func folders(below path: String) -> [String] {
        self.names(in: path).flatMap { name -> [String] in
            let child = "\(path)/\(name)"
            return self.isFolder(child) ? [child] + self.folders(below: child) : []
        }
    }

    private static func swiftFiles(below path: String) -> [SourceFile] {
        self.files(below: path).filter { $0.hasSuffix(".swift") }.compactMap { path in
            (try? self.text(of: path)).map { SourceFile(path: path, text: $0) }
        }
    }
}
