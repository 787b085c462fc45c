/// A page of metrics, read as strictly as the text format 0.0.4 is written down: of each metric its comment, its type and then its samples, all
/// in one place, and nothing else.
struct Exposition {
    struct Defect: Error, Hashable {
        var line: Int
        var problem: String
    }

    struct Family: Hashable {
        var help: String
        var type: String
        /// The values by their labels.
        var samples: [[String: String]: Double] = [:]
    }

    private(set) var families: [String: Family] = [:]
    /// In the order of the page.
    private(set) var names: [String] = []

    init(_ page: String) throws(Defect) {
        guard page.isEmpty || page.hasSuffix("\n") else { throw Defect(line: 0, problem: "no line feed at the end") }
        var help: (name: String, text: String)?
        for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).dropLast().enumerated() {
            do throws(Problem) {
                if line.hasPrefix("# HELP ") {
                    guard help == nil else { throw Problem("a comment without a type") }
                    help = try self.help(line.dropFirst(7))
                } else if line.hasPrefix("# TYPE ") {
                    guard let known = help else { throw Problem("a type without a comment") }
                    try self.begin(line.dropFirst(7), known.name, known.text)
                    help = nil
                } else {
                    guard help == nil else { throw Problem("a comment without a type") }
                    try self.sample(line)
                }
            } catch {
                throw Defect(line: index + 1, problem: error.text)
            }
        }
        for (name, family) in self.families where family.samples.isEmpty {
            throw Defect(line: 0, problem: "\(name) has no sample")
        }
    }

    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? { self.families[name]?.samples[labels] }

    private struct Problem: Error {
        var text: String
        init(_ text: String) { self.text = text }
    }

    private func help(_ rest: Substring) throws(Problem) -> (name: String, text: String) {
        guard let space = rest.firstIndex(of: " ") else { throw Problem("a comment without words") }
        let name = String(rest[..<space])
        guard Self.isName(name, allowsColon: true) else { throw Problem("'\(name)' is no name") }
        guard self.families[name] == nil else { throw Problem("\(name) is there twice") }
        return (name, try Self.unescaped(rest[rest.index(after: space)...], allowsQuote: true))
    }

    private mutating func begin(_ rest: Substring, _ name: String, _ help: String) throws(Problem) {
        let words = rest.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0] == name else { throw Problem("the type of something else than \(name)") }
        guard ["counter", "gauge"].contains(words[1]) else { throw Problem("the type \(words[1])") }
        guard (words[1] == "counter") == name.hasSuffix("_total") else { throw Problem("\(name) is no \(words[1])") }
        self.families[name] = Family(help: help, type: String(words[1]))
        self.names.append(name)
    }

    private mutating func sample(_ line: Substring) throws(Problem) {
        let name = String(line.prefix { $0 != "{" && $0 != " " })
        guard name == self.names.last else { throw Problem("a sample of '\(name)' at the wrong place") }
        var rest = line.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.hasPrefix("{") { labels = try Self.labels(&rest) }
        guard rest.hasPrefix(" ") else { throw Problem("no space in front of the value") }
        let value = try Self.number(rest.dropFirst())
        guard self.families[name]?.samples.updateValue(value, forKey: labels) == nil else {
            throw Problem("\(name) has \(labels) twice")
        }
    }

    /// Takes `{name="value",…}` off.
    private static func labels(_ rest: inout Substring) throws(Problem) -> [String: String] {
        var labels: [String: String] = [:]
        repeat {
            rest.removeFirst()
            let name = String(rest.prefix { $0 != "=" })
            guard Self.isName(name, allowsColon: false), !name.hasPrefix("__") else {
                throw Problem("'\(name)' is no label")
            }
            rest = rest.dropFirst(name.count)
            guard rest.hasPrefix("=\"") else { throw Problem("no value for the label \(name)") }
            rest = rest.dropFirst(2)
            var (end, isEscaped) = (rest.startIndex, false)
            while end < rest.endIndex, rest[end] != "\"" || isEscaped {
                isEscaped = rest[end] == "\\" && !isEscaped
                end = rest.index(after: end)
            }
            guard end < rest.endIndex else { throw Problem("the label \(name) does not end") }
            let value = try Self.unescaped(rest[..<end], allowsQuote: false)
            guard labels.updateValue(value, forKey: name) == nil else { throw Problem("\(name) is there twice") }
            rest = rest[rest.index(after: end)...]
        } while rest.hasPrefix(",")
        guard rest.hasPrefix("}") else { throw Problem("the labels do not end") }
        rest.removeFirst()
        return labels
    }

    private static func unescaped(_ text: Substring, allowsQuote: Bool) throws(Problem) -> String {
        var (result, isEscaped) = ("", false)
        for character in text {
            guard isEscaped else {
                if character == "\\" { isEscaped = true } else { result.append(character) }
                continue
            }
            isEscaped = false
            switch character {
            case "\\": result.append("\\")
            case "n": result.append("\n")
            case "\"" where !allowsQuote: result.append("\"")
            case _: throw Problem("'\\\(character)' is no escape")
            }
        }
        if isEscaped { throw Problem("a backslash at the end") }
        return result
    }

    private static func number(_ text: Substring) throws(Problem) -> Double {
        switch text {
        case "+Inf": return .infinity
        case "-Inf": return -.infinity
        case "NaN": return .nan
        case _:
            guard text.wholeMatch(of: /-?\d+(\.\d+)?(e[+-]?\d+)?/) != nil, let number = Double(text) else {
                throw Problem("'\(text)' is no number")
            }
            return number
        }
    }

    private static func isName(_ text: String, allowsColon: Bool) -> Bool {
        guard let first = text.first, !first.isNumber else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" && allowsColon) }
    }
}
