import Testing

@testable import genesys_kafka_bridge

@Suite("Files that are not a configuration")
struct DocumentTests {
    private func errors(_ bytes: [UInt8]) -> String {
        do {
            _ = try Fixture.loader().decode(bytes, file: "bridge.yaml")
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "an empty file says what to write",
        arguments: ["", "\n \n", "# only a comment\n", "---\n", "\u{feff}", "null", "~"]
    )
    func empty(text: String) {
        let message = self.errors(Array(text.utf8))
        #expect(message.hasPrefix("bridge.yaml:"))
        #expect(message.contains("empty"), "\(message)")
    }

    @Test(
        "a root that is no mapping is named",
        arguments: [("- a", "a list"), ("text", "a string"), ("12", "an integer")]
    )
    func root(text: String, kind: String) {
        #expect(self.errors(Array(text.utf8)).contains("must hold a mapping, but holds \(kind)"))
    }

    @Test("bytes that are not UTF-8 are found by their line")
    func notUTF8() {
        #expect(
            self.errors([0x61, 0x0a, 0x62, 0xff, 0x0a])
                == "bridge.yaml:2:1: the line is not UTF-8; save the file as UTF-8"
        )
        #expect(self.errors([0xff, 0xfe, 0x61, 0x00]).contains("UTF-16"))
    }

    @Test("a file above the limit is not read")
    func tooLarge() {
        let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: ConfigurationDocument.maximumBytes + 1)
        #expect(self.errors(bytes).contains("larger than 1048576 bytes"))
    }

    @Test("a file that is not there, a folder and an unreadable path are told apart")
    func files() throws {
        for (path, reason) in [("/nonexistent/bridge.yaml", "does not exist"), ("/tmp", "is a directory")] {
            let error = try #require(throws: ConfigurationError.self) { try ConfigurationLoader().load(path) }
            #expect(error.description.contains("\(path):1:1: the file \(reason)"))
        }
    }

    @Test("an endless file ends at the limit")
    func endless() throws {
        let error = try #require(throws: ConfigurationError.self) { try ConfigurationLoader().load("/dev/zero") }
        #expect(error.description.contains("larger than"))
    }

    @Test(
        "a mistake of syntax has its place and shows nothing of the file",
        arguments: [
            ("kafka: [s3cr3t-Value-42\n", "2:1"), ("a: 1\n\tb: s3cr3t-Value-42", "2:1"), ("a: \"s3cr3t-Value-42", "1:"),
            ("a: s3cr3t-Value-42: b", "1:19"), ("a: s3cr3t-Value-42\n--- \nb: 1", "2:1"), ("a: *s3cr3t", "1:4"),
            ("a: s3cr3t-Value-42\nb: \u{1}", "2:4"), ("%s3cr3t", "1:"),
        ]
    )
    func syntax(text: String, place: String) {
        let message = self.errors(Array(text.utf8))
        #expect(message.hasPrefix("bridge.yaml:\(place)"), "\(message)")
        #expect(message.contains("not YAML"), "\(message)")
        #expect(!message.contains("s3cr3t"), "\(message)")
    }

    @Test("tabs get a hint")
    func tabs() {
        #expect(self.errors(Array("a:\n\t b: 1".utf8)).contains("indent with spaces, not tabs"))
    }

    @Test("keys given twice are found with their path, all of them, in any style")
    func duplicates() {
        let text = """
            log: { level: info, level: debug }
            admin:
              listen: off
              "listen": off
            kafka:
              properties:
                bootstrap.servers: a
                linger.ms: 1
                linger.ms: 2
                linger.ms: 3
            """
        let lines = Fixture.errors(text)
        let twice = lines.filter { $0.contains("given twice") }
        #expect(
            twice == [
                "bridge.yaml:1:21: log.level: given twice (first in line 1); keep one",
                "bridge.yaml:4:3: admin.listen: given twice (first in line 3); keep one",
                "bridge.yaml:9:5: kafka.properties.linger.ms: given twice (first in line 8); keep one",
                "bridge.yaml:10:5: kafka.properties.linger.ms: given twice (first in line 8); keep one",
            ]
        )
    }

    @Test("anchors, tags and keys that are no text are refused")
    func unsupported() {
        #expect(
            Fixture.errors(Fixture.with("log: &l { level: info }")).contains { $0.contains("1:6: log: YAML anchors") }
        )
        #expect(Fixture.errors(Fixture.with("log: { level: !!str info }")) == [])
        #expect(Fixture.errors(Fixture.with("tenantPartitions: !!int 4")).contains { $0.contains("YAML tags") })
        #expect(Fixture.errors(Fixture.with("? [a, b]\n: 1")).contains { $0.contains("a key must be plain text") })
    }

    @Test("control characters and endless keys of what is refused do not reach a terminal")
    func printable() {
        for value in ["!!int 1", "&a 1", "{ a: 1, a: 2 }"] {
            let lines = Fixture.errors(Fixture.with("\"a\\e[31m\\nb\\u202e\": \(value)"))
            #expect(lines.contains { $0.contains("a\\u{1b}[31m\\u{a}b\\u{202e}") }, "\(lines)")
            #expect(lines.allSatisfy { !$0.unicodeScalars.contains(where: ControlCharacters.isUnsafe) }, "\(lines)")
        }
        let long = Fixture.errors(Fixture.with("\(String(repeating: "k", count: 900)): !!int 1"))
        #expect(long.allSatisfy { $0.utf8.count < 600 })
    }

    @Test("aliases that multiply cost nothing", .timeLimit(.minutes(1)))
    func bomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...30 {
            text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1), *a\(level - 1)]\n"
        }
        text += "? *a30\n: 1\n"
        let message = self.errors(Array(text.utf8))
        #expect(message.contains("anchors and aliases are not supported"))
        #expect(message.utf8.count < 10_000)
    }

    @Test("deep nesting ends at a limit", .timeLimit(.minutes(1)), arguments: [33, 900, 100_000])
    func deep(levels: Int) {
        let text = "a: " + String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let message = self.errors(Array(text.utf8))
        #expect(message.contains("nested more than 32") || message.contains("not YAML"), "\(message.prefix(300))")
    }

    @Test("at most 50 issues are listed, ordered by line, and the rest is counted")
    func bounded() {
        let text = (0..<80).map { "unknown\($0)x: 1" }.joined(separator: "\n")
        let lines = Fixture.errors(Fixture.with(text))
        #expect(lines.count == 51)
        #expect(lines[0].hasPrefix("bridge.yaml:1:1: unknown0x: unknown key"))
        #expect(lines[49].hasPrefix("bridge.yaml:50:1:"))
        #expect(lines[50] == "bridge.yaml: and 30 more")
    }
}
