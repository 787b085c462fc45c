/// A call that the house does without, and why.
struct BannedCall {
    var name: String
    /// Where the ban holds: a path, or a folder by a path that ends with `/`.
    var scope: [String] = ["Sources/"]
    /// The files that may, each for a reason that stands beside it.
    var allowed: [String] = []
    var reason: String
    var instead: String
    /// The words that may be such a call.
    var words: [String]
    /// Whether the word at an index of the tokens is one.
    var isCall: @Sendable (_ tokens: [Token], _ index: Int) -> Bool

    static let home = "Tests/TidyTests/Rules/BannedCall+List.swift"

    func holds(for path: String) -> Bool {
        self.scope.contains { AllowList.covers($0, path) }
    }

    /// Where `file` makes the call, as indices of its tokens.
    func calls(in file: SourceFile) -> [Int] {
        file.indices(of: self.words).filter { self.isCall(file.tokens, $0) }
    }

    func violations(in file: SourceFile) -> [Violation] {
        guard self.holds(for: file.path), !self.allowed.contains(where: { AllowList.covers($0, file.path) }) else {
            return []
        }
        return self.calls(in: file).map { index in
            Violation(
                path: file.path,
                line: file.tokens[index].line,
                rule: "no `\(self.name)` here: \(self.reason)",
                instead: self.instead
            )
        }
    }
}
