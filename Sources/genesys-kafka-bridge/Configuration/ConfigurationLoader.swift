import BridgeCore

/// Loads configuration files.
///
/// Receives: a path and what the file may refer to. Hands to: the commands, as immutable values. Holds at most: the file.
struct ConfigurationLoader {
    /// A configuration that can be used, with what is doubtful about it.
    struct Loaded {
        var configuration: BridgeConfiguration
        /// Ordered by place in the file.
        var warnings: [ConfigurationIssue]
    }

    var sources: ConfigurationSources = .process

    /// Reads and checks the file at `path` for an instance with `share`. Throws everything that is wrong with it at once.
    func load(_ path: String, share: Share = .whole) throws(ConfigurationError) -> Loaded {
        let bytes: [UInt8]
        do {
            bytes = try self.sources.readFile(path, ConfigurationDocument.maximumBytes)
        } catch {
            let issue = ConfigurationIssue(
                position: .start,
                keyPath: "",
                problem: "the file \(error.reason)",
                remedy: "give the path of a configuration file"
            )
            throw ConfigurationError(file: path, issues: [issue])
        }
        return try self.decode(bytes, file: path, share: share)
    }

    /// Checks the content of a file that messages call `file`.
    func decode(_ bytes: [UInt8], file: String, share: Share = .whole) throws(ConfigurationError) -> Loaded {
        let document = ConfigurationDocument(bytes: bytes)
        guard let root = document.root else { throw ConfigurationError(file: file, issues: document.issues) }
        let context = DecodingContext(sources: self.sources)
        let configuration = BridgeSettings.decode(root, share: share, context: context)
        let issues = document.issues + context.issues
        guard issues.isEmpty, let configuration else { throw ConfigurationError(file: file, issues: issues) }
        return Loaded(configuration: configuration, warnings: context.warnings.sorted { $0.position < $1.position })
    }
}
