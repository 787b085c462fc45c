/// A configuration file that cannot be used, with everything that is wrong in it.
struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// How many issues are listed at most; the rest is counted.
    static let maximumIssues = 50

    /// The file's name as the user gave it.
    let file: String
    /// Ordered by place in the file; at most `maximumIssues`.
    let issues: [ConfigurationIssue]
    /// How many there were beyond those listed.
    let omittedCount: Int

    init(file: String, issues: [ConfigurationIssue]) {
        self.file = file
        let ordered = issues.sorted { ($0.position, $0.keyPath) < ($1.position, $1.keyPath) }
        self.issues = Array(ordered.prefix(Self.maximumIssues))
        self.omittedCount = ordered.count - self.issues.count
    }

    /// One line for each issue, ordered by place.
    var description: String {
        var lines = self.issues.map { $0.line(file: self.file) }
        if self.omittedCount > 0 {
            lines.append("\(self.file): and \(self.omittedCount) more")
        }
        return lines.joined(separator: "\n")
    }
}
