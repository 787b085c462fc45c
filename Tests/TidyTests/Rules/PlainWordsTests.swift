import Testing

/// The project speaks only of itself: a reader has neither this machine nor its authors' notes.
@Suite("Plain words")
struct PlainWordsTests {
    private static let home = "Tests/TidyTests/"
    private static let foreignNames = ["Sources/CEventSchemas/", "Sources/GenesysSimulator/Channels/Schemas/"]
    /// Assembled, so that this file does not hold what it looks for.
    private static let homeFolders = ["work", "root", "home", "Users"].map { "/\($0)/" }
    private static let notes = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "mile" + "stone"]

    @Test("no file names a folder of somebody's machine or leaves a note to its author")
    func words() throws {
        let paths =
            ["Sources", "Tests", "deploy"].flatMap { Repository.files(below: $0) } + ["README.md", "Package.swift"]
        for path in paths where !path.hasPrefix(Self.home) {
            guard let text = try? Repository.text(of: path) else { continue }
            Violation.record(Self.violations(in: text, path: path))
        }
    }

    static func violations(in text: String, path: String) -> [Violation] {
        var result: [Violation] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            func add(_ rule: String, _ instead: String) {
                result.append(Violation(path: path, line: index + 1, rule: rule, instead: instead))
            }
            for folder in Self.homeFolders where Self.holdsPath(line, folder) {
                add("'\(folder)' is a folder of one machine", "a path from the repository's root, or a setting")
            }
            if path.hasPrefix("Sources/"), Self.holdsPath(line, "/tmp/") {
                add("'/tmp/' is a guess about the machine", "the system's temporary folder, or a setting")
            }
            // What the upstream calls its fields is not the project's to choose.
            for note in Self.notes where line.contains(note) && !Self.foreignNames.contains(where: path.hasPrefix) {
                add("'\(note)' is a note to its author", "do it, or leave it out; what is planned stands elsewhere")
            }
            if Self.holdsNumberedIssue(line) {
                add("a numbered issue means nothing to a reader of the source", "say what it was about")
            }
        }
        return result
    }

    /// Whether `folder` begins a path: a URL's path or a word before it does not count.
    private static func holdsPath(_ line: Substring, _ folder: String) -> Bool {
        line.ranges(of: folder).contains { range in
            guard range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !before.isLetter && !before.isNumber && !"./-_}".contains(before)
        }
    }

    /// An issue of this project. Those of others, such as librdkafka's, are named with their project.
    private static func holdsNumberedIssue(_ line: Substring) -> Bool {
        let lowercased = line.lowercased()
        return lowercased.ranges(of: "issue ").contains { range in
            let before = lowercased[..<range.lowerBound]
            let after = lowercased[range.upperBound...].drop { $0 == "#" }
            return after.first?.isNumber == true && !before.contains("librdkafka") && !before.contains("swift")
        }
    }

    @Test(
        "machine paths, notes and numbered issues are found, URLs and words are not",
        arguments: [
            ("let a = \"/" + "work/a\"", 1), ("// see /" + "root/b", 1), ("let a = \"https://a.example/home/b\"", 0),
            ("// TO" + "DO: later", 1), ("// see issue 12", 1), ("// see issue #12", 1),
            ("// librdkafka's issue 4438", 0),
            ("// an issue of its own", 0), ("let a = \"/" + "tmp/a\"", 1), ("// the homework/root/a", 0),
        ]
    )
    func finds(line: String, count: Int) {
        #expect(Self.violations(in: line, path: "Sources/A/B.swift").count == count)
    }
}
