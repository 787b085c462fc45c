import Testing

@Suite("The unsafe fence")
struct FenceTests {
    @Test("unsafe code and unchecked promises stand behind the fence only")
    func fence() {
        for word in FencedWord.all {
            for file in Repository.sources { Violation.record(word.violations(in: file)) }
        }
    }

    @Test("no file is let through the fence that does not need it")
    func noStaleEntries() {
        for word in FencedWord.all {
            let users = Repository.sources.filter { !$0.indices(of: word.words).isEmpty }
            let paths = users.map { String($0.path.dropFirst("Sources/".count)) }
            Violation.record(AllowList.stale(word.allowed, users: paths, rule: word.name, home: FencedWord.home))
        }
    }

    @Test("the fence sees every form of the word, and neither comments nor strings")
    func forms() {
        func lines(_ text: String) -> [Int] {
            let file = SourceFile(path: "Sources/BridgeCore/A.swift", text: text)
            return FencedWord.all.flatMap { $0.violations(in: file) }.map(\.line)
        }
        #expect(lines("let a = unsafe b.pointee") == [1])
        #expect(lines("\nnonisolated(unsafe) var a = 1") == [2])
        #expect(lines("unowned(unsafe) let a: B") == [1])
        #expect(lines("@unsafe struct A {}") == [1])
        #expect(lines("final class A: @unchecked Sendable {}") == [1])
        #expect(lines("let a = \"\\(unsafe b.pointee)\"") == [1])
        #expect(lines("// unsafe\n/* unsafe */ let unsafeCount = \"unsafe\"") == [])
        let fenced = SourceFile(path: "Sources/RDKafka/Interop/A.swift", text: "unsafe b()")
        #expect(FencedWord.all.allSatisfy { $0.violations(in: fenced).isEmpty })
    }
}
