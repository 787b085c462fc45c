/// Cuts Swift source into tokens. Knows what this code base writes: nested comments, strings of one and of several lines, raw
/// strings, interpolations, names in backticks. A regular expression literal in bare slashes is the one thing it does not know.
struct Lexer {
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let newline = UInt8(ascii: "\n")

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var lastEnd = 0
    private var tokens: [Token] = []

    private init(_ text: String) {
        self.bytes = Array(text.utf8)
    }

    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(text)
        while lexer.index < lexer.bytes.count { lexer.step() }
        return lexer.tokens
    }

    private mutating func step() {
        let byte = self.bytes[self.index]
        switch byte {
        case Self.newline:
            self.line += 1
            self.index += 1
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            self.index += 1
        case UInt8(ascii: "/") where self.peek("/", "/"):
            self.skipLineComment()
        case UInt8(ascii: "/") where self.peek("/", "*"):
            self.skipBlockComment()
        case Self.quote:
            self.readString(hashes: 0)
        case UInt8(ascii: "#"):
            let hashes = self.bytes[self.index...].prefix { $0 == byte }.count
            if self.at(self.index + hashes) == Self.quote {
                self.index += hashes
                self.readString(hashes: hashes)
            } else {
                self.readWord()
            }
        case UInt8(ascii: "`"):
            self.readQuotedName()
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            self.readWord(.number)
        default:
            if Self.isWordByte(byte) {
                self.readWord()
            } else {
                self.index += 1
                self.append(.mark, from: self.index - 1, line: self.line)
            }
        }
    }
}

// MARK: - Pieces

extension Lexer {
    private func at(_ index: Int) -> UInt8? {
        index < self.bytes.count ? self.bytes[index] : nil
    }

    private func peek(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        self.at(self.index) == UInt8(ascii: first) && self.at(self.index + 1) == UInt8(ascii: second)
    }

    private func peek(_ wanted: [UInt8]) -> Bool {
        for offset in 0..<wanted.count where self.at(self.index + offset) != wanted[offset] { return false }
        return true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "@"),
            UInt8(ascii: "#"), 0x80...:
            true
        default:
            false
        }
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, line: Int) {
        let text = String(decoding: self.bytes[start..<self.index], as: UTF8.self)
        self.append(kind, text, from: start, line: line)
    }

    private mutating func append(_ kind: Token.Kind, _ text: String, from start: Int, line: Int) {
        self.tokens.append(Token(kind: kind, text: text, line: line, isAttached: start == self.lastEnd && start > 0))
        self.lastEnd = self.index
    }

    private mutating func readWord(_ kind: Token.Kind = .word) {
        let start = self.index
        while let byte = self.at(self.index), Self.isWordByte(byte) { self.index += 1 }
        self.append(kind, from: start, line: self.line)
    }

    private mutating func readQuotedName() {
        let start = self.index
        self.index += 1
        while let byte = self.at(self.index), byte != UInt8(ascii: "`"), byte != Self.newline { self.index += 1 }
        self.index = min(self.index + 1, self.bytes.count)
        self.append(.word, from: start, line: self.line)
    }

    private mutating func skipLineComment() {
        while let byte = self.at(self.index), byte != Self.newline { self.index += 1 }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if self.peek("/", "*") {
                depth += 1
                self.index += 2
            } else if self.peek("*", "/") {
                depth -= 1
                self.index += 2
            } else {
                if self.bytes[self.index] == Self.newline { self.line += 1 }
                self.index += 1
            }
        } while depth > 0 && self.index < self.bytes.count
    }
}

// MARK: - Strings

extension Lexer {
    /// Reads a string whose opening quote is next, and appends its characters as one token after the tokens of its interpolations.
    private mutating func readString(hashes: Int) {
        let start = self.index
        let startLine = self.line
        let quotes = self.peek([Self.quote, Self.quote, Self.quote]) ? 3 : 1
        let end = [UInt8](repeating: Self.quote, count: quotes) + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let escape = [Self.backslash] + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        var text: [UInt8] = []
        self.index += quotes
        while let byte = self.at(self.index) {
            if byte == Self.newline {
                // A string of one line ends with it, whatever is missing: what follows is read as code again.
                if quotes == 1 { break }
                self.line += 1
            }
            if byte == Self.quote, self.peek(end) {
                self.index += end.count
                break
            }
            if byte == Self.backslash, self.peek(escape) {
                self.index += escape.count
                if self.at(self.index) == UInt8(ascii: "(") {
                    self.readInterpolation()
                } else if let escaped = self.at(self.index) {
                    // A line break that is escaped still is one.
                    if escaped == Self.newline { self.line += 1 }
                    text += [Self.backslash, escaped]
                    self.index += 1
                }
                continue
            }
            text.append(byte)
            self.index += 1
        }
        self.append(.string, String(decoding: text, as: UTF8.self), from: start, line: startLine)
    }

    private mutating func readInterpolation() {
        var depth = 0
        repeat {
            let count = self.tokens.count
            self.step()
            guard self.tokens.count == count + 1, let token = self.tokens.last else { continue }
            if token.isMark("(") { depth += 1 }
            if token.isMark(")") { depth -= 1 }
        } while depth > 0 && self.index < self.bytes.count
    }
}
