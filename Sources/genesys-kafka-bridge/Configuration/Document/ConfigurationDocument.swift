import Yams

/// Turns a file's bytes into a tree with places. Bounded: in bytes, in nesting, and against aliases that multiply.
///
/// Receives: the bytes of a file. Hands to: the section decoders. Holds at most: `maximumBytes` and a tree of it.
struct ConfigurationDocument {
    /// The largest file that is read.
    static let maximumBytes = 1_048_576

    /// The file's root: a mapping. Nil where there is no usable tree; then there are issues.
    let root: ConfigurationNode?
    let issues: [ConfigurationIssue]

    init(bytes: [UInt8]) {
        switch Self.text(of: bytes) {
        case .failure(let failure):
            self.root = nil
            self.issues = [failure.issue]
        case .success(let text):
            var composer = DocumentComposer(text: text)
            self.root = composer.compose()
            self.issues = composer.issues
        }
    }

    private struct Failure: Error {
        var issue: ConfigurationIssue

        init(at position: SourcePosition = .start, _ problem: String, _ remedy: String) {
            self.issue = ConfigurationIssue(position: position, keyPath: "", problem: problem, remedy: remedy)
        }
    }

    private static func text(of bytes: [UInt8]) -> Result<String, Failure> {
        guard bytes.count <= Self.maximumBytes else {
            return .failure(
                Failure("the file is larger than \(Self.maximumBytes) bytes", "is it a configuration file?")
            )
        }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            return .failure(Failure("the file is UTF-16", "save it as UTF-8"))
        }
        let content = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            return .failure(
                Failure(
                    at: SourcePosition(line: line + 1, column: 1),
                    "the line is not UTF-8",
                    "save the file as UTF-8"
                )
            )
        }
        let isBlank = text.split(whereSeparator: \.isNewline).allSatisfy { line in
            line.drop(while: \.isWhitespace).first.map { $0 == "#" } ?? true
        }
        guard !isBlank else {
            return .failure(Failure("the file is empty", "write at least `kafka` and `tenants`"))
        }
        return .success(text)
    }
}
