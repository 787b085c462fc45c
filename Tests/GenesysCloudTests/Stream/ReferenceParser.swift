/// A JSON parser written from RFC 8259's text, one function per rule of its grammar, for comparing against. Clear and
/// slow.
struct ReferenceParser {
    struct Refusal: Error {}

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    /// The value that `bytes` are, or nil where they are no JSON text.
    static func parse(_ bytes: [UInt8]) -> ReferenceValue? {
        // Section 8.1: UTF-8, and no byte order mark. The standard library knows what UTF-8 is.
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var parser = ReferenceParser(bytes: bytes)
        return try? parser.text()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    // JSON-text = ws value ws
    private mutating func text() throws -> ReferenceValue {
        self.space()
        let value = try self.value()
        self.space()
        guard self.index == self.bytes.count else { throw Refusal() }
        return value
    }

    // ws = *( %x20 / %x09 / %x0A / %x0D )
    private mutating func space() {
        while let byte = self.peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { self.index += 1 }
    }

    // value = false / null / true / object / array / number / string
    private mutating func value() throws -> ReferenceValue {
        let start = self.index
        let meaning: ReferenceValue.Meaning
        switch self.peek.map(Unicode.Scalar.init) {
        case "{": meaning = .object(try self.object())
        case "[": meaning = .array(try self.array())
        case "\"": meaning = .string(try self.string())
        case "f": meaning = try self.word("false", .bool)
        case "t": meaning = try self.word("true", .bool)
        case "n": meaning = try self.word("null", .null)
        default: meaning = try self.number()
        }
        return ReferenceValue(meaning: meaning, range: start..<self.index)
    }

    private mutating func word(_ word: String, _ meaning: ReferenceValue.Meaning) throws -> ReferenceValue.Meaning {
        for character in word.unicodeScalars { try self.take(character) }
        return meaning
    }

    // object = begin-object [ member *( value-separator member ) ] end-object
    // member = string name-separator value
    private mutating func object() throws -> [(name: String, value: ReferenceValue)] {
        try self.enter("{")
        var members: [(name: String, value: ReferenceValue)] = []
        while !self.takes("}") {
            if !members.isEmpty {
                try self.take(",")
                self.space()
            }
            let name = try self.string()
            self.space()
            try self.take(":")
            self.space()
            members.append((name, try self.value()))
            self.space()
        }
        self.depth -= 1
        return members
    }

    // array = begin-array [ value *( value-separator value ) ] end-array
    private mutating func array() throws -> [ReferenceValue] {
        try self.enter("[")
        var values: [ReferenceValue] = []
        while !self.takes("]") {
            if !values.isEmpty {
                try self.take(",")
                self.space()
            }
            values.append(try self.value())
            self.space()
        }
        self.depth -= 1
        return values
    }

    // Section 9: "An implementation may set limits on the maximum depth of nesting." Ours is 512.
    private mutating func enter(_ bracket: Unicode.Scalar) throws {
        try self.take(bracket)
        self.depth += 1
        guard self.depth <= 512 else { throw Refusal() }
        self.space()
    }

    // number = [ minus ] int [ frac ] [ exp ]
    private mutating func number() throws -> ReferenceValue.Meaning {
        _ = self.takes("-")
        if !self.takes("0") { try self.digits() }
        if self.takes(".") { try self.digits() }
        if self.takes("e") || self.takes("E") {
            if !self.takes("+") { _ = self.takes("-") }
            try self.digits()
        }
        return .number
    }

    private mutating func digits() throws {
        guard let first = self.peek, (0x30...0x39).contains(first) else { throw Refusal() }
        while let byte = self.peek, (0x30...0x39).contains(byte) { self.index += 1 }
    }

    // string = quotation-mark *char quotation-mark
    private mutating func string() throws -> String {
        try self.take("\"")
        var units: [UInt16] = []
        while !self.takes("\"") {
            guard let byte = self.peek, byte >= 0x20 else { throw Refusal() }
            if self.takes("\\") {
                units.append(try self.escape())
                continue
            }
            let start = self.index
            repeat { self.index += 1 } while self.peek.map { $0 & 0xC0 == 0x80 } ?? false
            units.append(contentsOf: String(decoding: self.bytes[start..<self.index], as: UTF8.self).utf16)
        }
        return String(decoding: units, as: UTF16.self)  // repairs lone surrogates with U+FFFD
    }

    private mutating func escape() throws -> UInt16 {
        let plain: [Unicode.Scalar: UInt16] = [
            "\"": 0x22, "\\": 0x5C, "/": 0x2F, "b": 0x08, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09,
        ]
        guard let letter = self.peek.map(Unicode.Scalar.init) else { throw Refusal() }
        self.index += 1
        if let unit = plain[letter] { return unit }
        guard letter == "u", self.index + 4 <= self.bytes.count else { throw Refusal() }
        let digits = self.bytes[self.index..<self.index + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }) else { throw Refusal() }
        self.index += 4
        return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)!
    }

    private var peek: UInt8? {
        self.index < self.bytes.count ? self.bytes[self.index] : nil
    }

    private mutating func takes(_ character: Unicode.Scalar) -> Bool {
        guard self.peek.map(Unicode.Scalar.init) == character else { return false }
        self.index += 1
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) throws {
        guard self.takes(character) else { throw Refusal() }
    }
}
