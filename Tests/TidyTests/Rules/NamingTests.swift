import Testing

@Suite("Names of files and folders")
struct NamingTests {
    private static let emptyWords: Set<String> = [
        "utils", "util", "utilities", "helpers", "helper", "common", "misc", "shared", "extensions", "new", "other",
        "managers", "types", "models",
    ]

    @Test("a file of the sources declares one type, and is named for it")
    func files() {
        for file in Repository.sources { Violation.record(Self.violations(in: file)) }
    }

    @Test("a folder says which stage of the data path it is")
    func folders() {
        for path in Repository.folders(below: "Sources") + Repository.folders(below: "Tests") {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            guard Self.emptyWords.contains(name.lowercased()) else { continue }
            Violation.record([
                Violation(
                    path: path,
                    line: 1,
                    rule: "a folder's name says what its files do together; '\(name)' says nothing",
                    instead: "put each file where it is used"
                )
            ])
        }
    }

    @Test("the top level holds what it holds and nothing else")
    func topLevel() {
        let expected: Set = [
            "LICENSE", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests", "deploy", "docker",
        ]
        #expect(Set(Repository.names(in: ".")).subtracting(expected) == [])
    }

    static func violations(in file: SourceFile) -> [Violation] {
        let name = file.path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? ""
        let parts = name.split(separator: "+", maxSplits: 1)
        let declarations = TypeDeclaration.topLevel(in: file.tokens)
        let types = declarations.filter { !$0.isExtension }
        func violation(_ line: Int, _ rule: String, _ instead: String) -> Violation {
            Violation(path: file.path, line: line, rule: rule, instead: instead)
        }
        if let second = types.dropFirst().first {
            return [
                violation(
                    second.line,
                    "a file declares one type; `\(second.name)` is its second",
                    "give it the file \(second.name).swift, or nest it in `\(types[0].name)`"
                )
            ]
        }
        if let type = types.first {
            return type.name == name
                ? []
                : [
                    violation(type.line, "a file is named for its type, `\(type.name)`", "call it \(type.name).swift")
                ]
        }
        guard parts.count == 2 else {
            return [violation(1, "a file without a type of its own holds extensions", "call it Type+Topic.swift")]
        }
        let extended = declarations.contains { $0.name == parts[0] || $0.name.hasSuffix(".\(parts[0])") }
        return extended
            ? []
            : [
                violation(1, "\(name).swift does not extend `\(parts[0])`", "name it for what it extends")
            ]
    }

    @Test("second types, wrong names and files of extensions are told apart")
    func tellsApart() {
        func rules(_ name: String, _ text: String) -> Int {
            Self.violations(in: SourceFile(path: "Sources/M/\(name).swift", text: text)).count
        }
        #expect(rules("A", "public struct A { enum B {} }\nextension A {}\nprivate func f() {}") == 0)
        #expect(rules("A", "struct A {}\nprivate enum B {}") == 1)
        #expect(rules("A", "final class B {}") == 1)
        #expect(rules("A+Text", "extension A { struct B {} }") == 0)
        #expect(rules("A+Text", "extension B.A {}") == 0)
        #expect(rules("A+Text", "extension C {}") == 1)
        #expect(rules("A", "extension A {}") == 1)
        #expect(rules("A", "public protocol A: AnyObject {}") == 0)
    }
}
