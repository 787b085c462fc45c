/// Collects what is wrong while a file is decoded, and knows what the file may refer to.
final class DecodingContext {
    let sources: ConfigurationSources
    private(set) var issues: [ConfigurationIssue] = []
    private(set) var warnings: [ConfigurationIssue] = []

    init(sources: ConfigurationSources) {
        self.sources = sources
    }

    func report(_ position: SourcePosition, _ keyPath: String, _ problem: String, _ remedy: String = "") {
        self.issues.append(
            ConfigurationIssue(position: position, keyPath: keyPath, problem: problem, remedy: remedy)
        )
    }

    func warn(_ position: SourcePosition, _ keyPath: String, _ problem: String, _ remedy: String = "") {
        self.warnings.append(
            ConfigurationIssue(position: position, keyPath: keyPath, problem: problem, remedy: remedy)
        )
    }

    /// Whether something is wrong at any of `keyPaths`. A check across keys is left out then: it would compare a default that
    /// nobody asked for.
    func hasIssue(at keyPaths: String...) -> Bool {
        self.issues.contains { keyPaths.contains($0.keyPath) }
    }
}
