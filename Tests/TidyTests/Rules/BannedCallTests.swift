import Testing

@Suite("Banned calls")
struct BannedCallTests {
    @Test("nobody calls what the house does without")
    func calls() {
        for call in BannedCall.all {
            for file in Repository.sources + Repository.tests { Violation.record(call.violations(in: file)) }
        }
    }

    @Test("no file is allowed a call that it does not make")
    func noStaleEntries() {
        for call in BannedCall.all {
            let users = (Repository.sources + Repository.tests).filter { !call.calls(in: $0).isEmpty }
            Violation.record(
                AllowList.stale(call.allowed, users: users.map(\.path), rule: call.name, home: BannedCall.home)
            )
        }
    }

    @Test(
        "each banned call is found as it is written",
        arguments: [
            ("Date()", "let a = Date()"),
            ("Date()", "let a = Date.now"),
            ("the clock's .now", "let a = ContinuousClock.now"),
            ("the clock's .now", "let a = ContinuousClock().now"),
            ("the clock's .now", "step(now: .now())"),
            ("the clock's .now", "let a: NIODeadline = .now() + b"),
            ("random() without `using:`", "let a = Int.random(in: 0..<2)"),
            ("random() without `using:`", "var a = SystemRandomNumberGenerator()"),
            ("print", "print(\"a\")"),
            ("print", "let a = \"\\(print(1))\""),
            ("Task { }", "Task { await a() }"),
            ("Task { }", "let a = Task<Void, Never> { await b() }"),
            ("Task { }", "Task(priority: .high) { await a() }"),
            ("Task { }", "Task.detached { await a() }"),
            ("a blocking sleep", "Thread.sleep(forTimeInterval: 1)"),
            ("a blocking sleep", "usleep(100)"),
            ("Task.sleep", "try await Task.sleep(for: .seconds(1))"),
            ("try!", "let a = try! b()"),
            ("as!", "let a = b as! C"),
            ("fatalError", "fatalError(\"no\")"),
        ]
    )
    func finds(name: String, code: String) {
        let file = SourceFile(path: "Sources/BridgeCore/A.swift", text: code)
        #expect(BannedCall.all.filter { !$0.violations(in: file).isEmpty }.map(\.name) == [name])
    }

    @Test(
        "what only looks like a banned call is let through",
        arguments: [
            "let a = clock.now", "let a = self.clock.now", "let a = Int.random(in: 0..<2, using: &random)",
            "// print(1)\nlet a = \"print(1)\"", "let a: Task<Void, Never>? = nil", "if Task.isCancelled { return }",
            "group.addTask { await a() }", "try await clock.sleep(until: deadline)", "func print(_ a: Int) {}",
            "let a = try? b()", "let a = b as? C", "let a = try !b()", "Date(timeIntervalSince1970: 0)",
            "try await withTask { a }", "printer.print(a)",
        ]
    )
    func letsThrough(code: String) {
        let file = SourceFile(path: "Sources/BridgeCore/A.swift", text: code)
        #expect(BannedCall.all.flatMap { $0.violations(in: file) }.map(\.description) == [])
    }

    @Test("a test that binds a fixed port is found")
    func fixedPorts() {
        func count(_ text: String) -> Int {
            let file = SourceFile(path: "Tests/ATests/B.swift", text: text)
            return BannedCall.all.flatMap { $0.violations(in: file) }.count
        }
        #expect(count("bootstrap.bind(host: \"127.0.0.1\", port: 9092)") == 1)
        #expect(count("bootstrap.bind(host: \"127.0.0.1\", port: 0)") == 0)
        #expect(count("bootstrap.connect(host: \"127.0.0.1\", port: 1)") == 0)
    }
}
