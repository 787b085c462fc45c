/// How the text of a value is read, checked and shown. The same definition reads the file and writes the reference.
struct ValueSyntax<Value: Sendable>: Sendable {
    /// The kind of value with its article: `a duration`.
    let noun: String
    /// What is allowed, for the reference: `1s to 5m`, or a list of words.
    let range: String
    /// Whether messages must not show the text.
    var isSecret = false
    /// The YAML kinds that are taken for it without quotes.
    let kinds: Set<ScalarKind>
    let parse: @Sendable (String) throws(ValueProblem) -> Value
    let format: @Sendable (Value) -> String

    /// What to write instead of something else.
    var remedy: String {
        self.range.isEmpty ? "write \(self.noun)" : "write \(self.noun): \(self.range)"
    }
}

extension ValueSyntax where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let words = "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
        return ValueSyntax(noun: "a duration", range: words, kinds: [.string, .integer, .number]) {
            text throws(ValueProblem) in
            let value = try DurationText.parse(text)
            guard range.contains(value) else { throw ValueProblem(problem: "is out of range") }
            return value
        } format: {
            DurationText.format($0)
        }
    }
}

extension ValueSyntax where Value == Int {
    static func size(_ range: ClosedRange<Int>) -> Self {
        let words = "\(SizeText.format(range.lowerBound)) to \(SizeText.format(range.upperBound))"
        return ValueSyntax(noun: "a size", range: words, kinds: [.string, .integer, .number]) {
            text throws(ValueProblem) in
            let value = try SizeText.parse(text)
            guard range.contains(value) else { throw ValueProblem(problem: "is out of range") }
            return value
        } format: {
            SizeText.format($0)
        }
    }

    static func integer(_ range: ClosedRange<Int>) -> Self {
        ValueSyntax(noun: "an integer", range: "\(range.lowerBound) to \(range.upperBound)", kinds: [.integer]) {
            text throws(ValueProblem) in
            guard text.utf8.count <= 18, let value = Int(text) else { throw ValueProblem(problem: "is not an integer") }
            guard range.contains(value) else { throw ValueProblem(problem: "is out of range") }
            return value
        } format: {
            "\($0)"
        }
    }
}

extension ValueSyntax where Value == Bool {
    static var boolean: Self {
        ValueSyntax(noun: "a boolean", range: "true, false", kinds: [.boolean]) { text throws(ValueProblem) in
            switch text {
            case "true": return true
            case "false": return false
            default: throw ValueProblem(problem: "is not a boolean")
            }
        } format: {
            "\($0)"
        }
    }
}

extension ValueSyntax where Value == String {
    /// Text of 1 to `limit` bytes. `check` says what is wrong with it, if anything.
    static func text(
        _ noun: String,
        range: String = "",
        limit: Int = 4096,
        check: @escaping @Sendable (String) -> ValueProblem? = { _ in nil }
    ) -> Self {
        ValueSyntax(noun: noun, range: range, kinds: [.string]) { text throws(ValueProblem) in
            guard !text.isEmpty else { throw ValueProblem(problem: "is empty") }
            guard text.utf8.count <= limit else { throw ValueProblem(problem: "is longer than \(limit) bytes") }
            guard !text.utf8.contains(0) else { throw ValueProblem(problem: "holds a NUL character") }
            if let problem = check(text) { throw problem }
            return text
        } format: {
            $0
        }
    }
}

extension ValueSyntax where Value: CaseIterable & RawRepresentable<String> {
    /// One of the words of an enumeration.
    static func word() -> Self {
        let words = Value.allCases.map(\.rawValue)
        return ValueSyntax(
            noun: words.count == 1 ? "the word" : "one of the words",
            range: words.joined(separator: ", "),
            kinds: [.string, .boolean]
        ) { text throws(ValueProblem) in
            if let value = Value(rawValue: text) { return value }
            let near = NearestName.find(text, among: words)
            throw ValueProblem(problem: "is not known", remedy: near.map { "did you mean \($0)?" } ?? "")
        } format: {
            $0.rawValue
        }
    }
}

extension ValueSyntax {
    /// The same, or the word `off`.
    func orOff() -> ValueSyntax<Value?> {
        ValueSyntax<Value?>(
            noun: "\(self.noun) or the word off",
            range: "\(self.range), off",
            kinds: self.kinds.union([.boolean, .string])
        ) { text throws(ValueProblem) in
            text == "off" ? nil : try self.parse(text)
        } format: {
            $0.map(self.format) ?? "off"
        }
    }
}
