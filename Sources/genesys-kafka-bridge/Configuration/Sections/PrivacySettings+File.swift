extension PrivacySettings {
    /// Reads a file that has only what stands below `privacy`, for events of `families`. Throws everything that is wrong with it at once.
    static func load(
        _ path: String,
        for families: Set<String>,
        sources: ConfigurationSources = .process
    ) throws(ConfigurationError) -> PrivacyConfiguration {
        let context = DecodingContext(sources: sources)
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try sources.readFile(path, ConfigurationDocument.maximumBytes)
        } catch {
            context.report(.start, "", "the file \(error.reason)", "give the path of a file with rules")
            throw ConfigurationError(file: path, issues: context.issues)
        }
        let document = ConfigurationDocument(bytes: bytes)
        guard let root = document.root else { throw ConfigurationError(file: path, issues: document.issues) }
        let reader = MappingReader(root, path: "", at: .start, definitions: Self.top.definitions, context: context)
        let decoded = Self.top.decode(reader)
        Self.checkFamilies(decoded, among: families)
        let issues = document.issues + context.issues
        guard issues.isEmpty else { throw ConfigurationError(file: path, issues: issues) }
        return decoded.configuration
    }
}
