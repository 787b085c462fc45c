import Foundation

/// What a configuration may refer to outside of itself. A value, so that tests bring their own.
struct ConfigurationSources: Sendable {
    /// The largest file that `${file:…}` reads.
    static let maximumReferenceBytes = 65_536

    /// The environment's variables.
    var environment: [String: String]
    /// Reads at most `limit` bytes of the file at a path.
    var readFile: @Sendable (_ path: String, _ limit: Int) throws(FileProblem) -> [UInt8]

    /// The process's own environment and file system.
    static var process: ConfigurationSources {
        ConfigurationSources(environment: ProcessInfo.processInfo.environment) { path, limit throws(FileProblem) in
            try BoundedFile.read(path, limit: limit)
        }
    }
}
