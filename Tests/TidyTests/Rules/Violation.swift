import Testing

/// A house rule that a line breaks.
struct Violation: Hashable, CustomStringConvertible {
    var path: String
    /// Counted from 1.
    var line: Int
    /// The rule, as one would say it to a colleague.
    var rule: String
    /// What to do instead.
    var instead: String

    var description: String { "\(self.path):\(self.line): \(self.rule). Instead: \(self.instead)" }

    /// Fails the test, once for each violation, at the line that breaks the rule.
    static func record(_ violations: [Violation]) {
        for violation in violations {
            let location = SourceLocation(
                // A file's identity is `Module/Name`; the testing library traps on anything else.
                fileID: "TidyTests/\(violation.path)",
                filePath: Repository.fullPath(violation.path),
                line: max(violation.line, 1),
                column: 1
            )
            Issue.record("\(violation.description)", sourceLocation: location)
        }
    }
}
