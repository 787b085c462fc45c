import Foundation

/// The name that a test shows: of `@Test("…")`, or a function's in backticks.
struct TestName: Hashable {
    var path: String
    var line: Int
    var text: String

    /// Where no name counts: these tests are about the tree, and those about the simulator, not about the product.
    private static let foreignModules: Set = ["TidyTests", "GenesysSimulatorTests"]

    /// Whether the test is one of the product's.
    var isOfProduct: Bool {
        let parts = self.path.split(separator: "/")
        return parts.count > 1 && !Self.foreignModules.contains(String(parts[1]))
    }

    /// The names of a file's tests.
    static func all(in file: SourceFile) -> [TestName] {
        self.names(in: file, of: ["@Test"]) + self.quotedNames(in: file)
    }

    /// The names of a file's suites.
    static func suites(in file: SourceFile) -> [TestName] {
        self.names(in: file, of: ["@Suite"])
    }

    private static func names(in file: SourceFile, of attributes: [String]) -> [TestName] {
        file.indices(of: attributes).compactMap { index in
            let arguments = TokenPattern.arguments(file.tokens, index)
            guard let first = arguments.first, first.kind == .string else { return nil }
            return TestName(path: file.path, line: first.line, text: first.text)
        }
    }

    private static func quotedNames(in file: SourceFile) -> [TestName] {
        file.indices(of: ["func"]).compactMap { index in
            guard index + 1 < file.tokens.count, case let name = file.tokens[index + 1], name.text.hasPrefix("`")
            else { return nil }
            return TestName(path: file.path, line: name.line, text: name.text)
        }
    }

    /// The rows that the name speaks of: `S4.8`, `S5.1–S5.6`; and, where it stands in brackets, `C4`, which could be a byte elsewhere.
    var rows: [String] {
        self.text.matches(of: /S\d+\.\d+/).map { String($0.output) }
            + self.inBrackets.filter { $0.wholeMatch(of: /C\d+/) != nil }
    }

    /// What stands in brackets and looks like an invariant: `(order-per-key)`, `(S3.3, no-dead-wait)`.
    var invariants: [String] {
        self.inBrackets.filter { $0.wholeMatch(of: /[a-z]+(-[a-z]+)+/) != nil }
    }

    private var inBrackets: [String] {
        self.text.matches(of: /[(\[]([^()\[\]]*)[)\]]/).flatMap { bracket in
            bracket.output.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
