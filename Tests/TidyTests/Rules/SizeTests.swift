import Testing

@Suite("Sizes")
struct SizeTests {
    static let fileLinesMax = 400
    static let functionLinesMax = 70

    @Test("no file has more than 400 lines, and no function more than 70")
    func sizes() {
        for file in Repository.sources + Repository.tests {
            Violation.record(Self.violations(in: file))
        }
    }

    static func violations(in file: SourceFile) -> [Violation] {
        var result: [Violation] = []
        if file.lines.count > Self.fileLinesMax {
            result.append(
                Violation(
                    path: file.path,
                    line: Self.fileLinesMax + 1,
                    rule: "\(file.lines.count) lines are more than a file has (\(Self.fileLinesMax))",
                    instead: "move a topic of the type to Type+Topic.swift, or a type of its own out of it"
                )
            )
        }
        for function in FunctionBody.all(in: file.tokens) where function.lineCount > Self.functionLinesMax {
            result.append(
                Violation(
                    path: file.path,
                    line: function.line,
                    rule: "`\(function.name)` has \(function.lineCount) lines, more than \(Self.functionLinesMax)",
                    instead: "give its parts names"
                )
            )
        }
        return result
    }

    @Test("a file of 401 lines and a function of 71 are found, one line less is not")
    func limits() {
        func count(_ text: String) -> Int {
            Self.violations(in: SourceFile(path: "Sources/A/B.swift", text: text)).count
        }
        #expect(count(String(repeating: "// a\n", count: 400)) == 0)
        #expect(count(String(repeating: "// a\n", count: 401)) == 1)
        #expect(count("func a() {\n\(String(repeating: "b()\n", count: 68))}\n") == 0)
        #expect(count("func a() {\n\(String(repeating: "b()\n", count: 69))}\n") == 1)
    }

    @Test("functions are measured as people read them")
    func measures() {
        func sizes(_ text: String) -> [String] {
            FunctionBody.all(in: Lexer.tokens(of: text)).map { "\($0.name) \($0.lineCount)" }
        }
        #expect(sizes("func a() { b() }") == ["a 1"])
        #expect(sizes("func a(\n    b: Int = f { 1 },\n    c: [Int] = []\n) -> Int {\n    b\n}") == ["a 6"])
        #expect(sizes("protocol P {\n    func a()\n    func b() throws -> Int\n    var c: Int { get }\n}") == ["c 1"])
        #expect(
            sizes("struct S {\n    var a = 1\n    let b: Int\n    init?(b: Int) {\n        self.b = b\n    }\n}") == [
                "init 3"
            ]
        )
        #expect(sizes("let a = S.init(b: 1)\nself.init(b: { 1 })") == [])
        #expect(
            sizes("func a() {\n    let text = \"}\\(f { 1 })}\"\n    // }\n    func b() {\n    }\n}") == ["a 6", "b 2"]
        )
        #expect(sizes("func a<T>(_ t: T) async throws(E) -> T\nwhere T: P {\n    t\n}") == ["a 4"])
        #expect(sizes("var a: Int {\n    get { 1 }\n    set { b = newValue }\n}") == ["a 4"])
        #expect(sizes("func == (a: A, b: A) -> Bool {\n    true\n}\ndeinit {\n    a()\n}") == ["= 3", "deinit 3"])
        #expect(sizes("func a() {\n    let b = \"\"\"\n        {{{\n        \"\"\"\n}") == ["a 5"])
    }
}
