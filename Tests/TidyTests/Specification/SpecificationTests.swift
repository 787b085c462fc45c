import Testing

/// A rule without a test is a wish: each is named by a test of the product, and a name that is no rule's is a mistake.
@Suite("The specification and its tests")
struct SpecificationTests {
    private static let tests = Repository.tests.flatMap(TestName.all(in:))
    private static let suites = Repository.tests.flatMap(TestName.suites(in:))

    @Test(
        "every row of the dialects is named by a test of the product",
        arguments: SpecifiedRule.rows + SpecifiedRule.channelRows
    )
    func rows(_ rule: SpecifiedRule) {
        #expect(
            Self.tests.contains { $0.isOfProduct && $0.rows.contains(rule.name) },
            "no test names \(rule.name): \(rule.summary)"
        )
    }

    @Test("every invariant is named by a test of the product", arguments: SpecifiedRule.invariants)
    func invariants(_ rule: SpecifiedRule) {
        #expect(
            Self.tests.contains { $0.isOfProduct && $0.invariants.contains(rule.name) },
            "no test names \(rule.name): \(rule.summary)"
        )
    }

    @Test("no test names a row or an invariant that does not exist")
    func strangers() {
        let own = (Self.tests + Self.suites).filter { !$0.path.hasPrefix("Tests/TidyTests/") }
        #expect(own.count > 500)
        Violation.record(own.flatMap(Self.strangers(in:)))
    }

    private static let rules = SpecifiedRule.rows + SpecifiedRule.channelRows + SpecifiedRule.invariants
    private static let names = Set(Self.rules.map(\.name))

    private static func strangers(in test: TestName) -> [Violation] {
        (test.rows + test.invariants).filter { !Self.names.contains($0) }.map { name in
            Violation(
                path: test.path,
                line: test.line,
                rule: "a test names '\(name)', which is no rule of the specification",
                instead: "the name of the row or the invariant that the test checks"
            )
        }
    }

    @Test("each rule is listed once")
    func unique() {
        #expect(Self.names.count == Self.rules.count)
    }

    @Test(
        "rows and invariants are read as tests name them",
        arguments: [
            ("stays in order (S4.10)", ["S4.10"], []), ("is refused [S1.6]", ["S1.6"], []),
            ("two (S2.2, S4.9)", ["S2.2", "S4.9"], []), ("all of them (S5.1–S5.6)", ["S5.1", "S5.6"], []),
            ("never waits (S3.3, no-dead-wait)", ["S3.3"], ["no-dead-wait"]),
            ("one `S1.1` (one-owner)", ["S1.1"], ["one-owner"]),
            ("a gap (C1, C11, no-silent-loss)", ["C1", "C11"], ["no-silent-loss"]), ("is a setting [C11]", ["C11"], []),
            ("a well-known word, and RFC 7692 (section 7.2)", [], []), ("the byte C3", [], []), ("nothing", [], []),
        ] as [(String, [String], [String])]
    )
    func reads(text: String, rows: [String], invariants: [String]) {
        let name = TestName(path: "Tests/A/B.swift", line: 1, text: text)
        #expect(name.rows == rows)
        #expect(name.invariants == invariants)
    }

    @Test("a test's name is found as it is written, and a simulator's test is none of the product's")
    func finds() {
        let text = """
            @Suite("s (S9.9)") struct A {
                @Test("a (S1.1)") func a() {}
                @Test(
                    "b (S1.2)",
                    arguments: ["(S1.3)"]
                )
                func b() {}
                @Test func `c (S1.4)`() {}
                @Test(arguments: ["(S1.5)"]) func `d`() {}
            }
            """
        let file = SourceFile(path: "Tests/ATests/A.swift", text: text)
        let rows = TestName.all(in: file).flatMap(\.rows)
        #expect(rows == ["S1.1", "S1.2", "S1.4"])
        let suiteRows = TestName.suites(in: file).flatMap(\.rows)
        #expect(suiteRows == ["S9.9"])
        let product = TestName.all(in: file).filter(\.isOfProduct)
        #expect(product.count == 4)
        let simulator = SourceFile(path: "Tests/GenesysSimulatorTests/A.swift", text: text)
        let foreign = TestName.all(in: simulator).filter(\.isOfProduct)
        #expect(foreign == [])
    }
}
