/// Makes JSON texts that look like batches, and breaks them.
struct DocumentGenerator {
    private var random: SeededGenerator
    private var bytes: [UInt8] = []

    init(seed: UInt64) {
        self.random = SeededGenerator(seed: seed)
    }

    /// A text that RFC 8259 allows: mostly a batch, now and then something else.
    mutating func document() -> [UInt8] {
        self.bytes = []
        self.space()
        if self.chance(1, in: 30) { self.value(depth: 0) } else { self.batch() }
        self.space()
        return self.bytes
    }

    /// `document` with one to three changes, which may or may not spoil it.
    mutating func mutation(of document: [UInt8]) -> [UInt8] {
        var bytes = document
        for _ in 0..<Int.random(in: 1...3, using: &self.random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &self.random)
            let end = min(at + Int.random(in: 1...8, using: &self.random), bytes.count)
            switch Int.random(in: 0..<7, using: &self.random) {
            case 0: bytes[at] = UInt8.random(in: 0...255, using: &self.random)
            case 1: bytes[at] = Self.telling.randomElement(using: &self.random)!
            case 2: bytes.insert(Self.telling.randomElement(using: &self.random)!, at: at)
            case 3: bytes.remove(at: at)
            case 4: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &self.random))
            case 5: bytes.removeSubrange(at..<end)
            default: if self.chance(1, in: 4) { bytes.removeSubrange(at...) } else { bytes[at] ^= 1 << UInt8(at % 8) }
            }
        }
        return bytes
    }

    private static let telling: [UInt8] =
        Array("\"\\{}[]:,.-+eE0123456789tfnu/ \t\n\r".utf8)
        + [0x00, 0x08, 0x0B, 0x0C, 0x1F, 0x7F, 0x80, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF]

    private mutating func batch() {
        self.object(["batchId", "lastEventId", "timestamp", "events", "events", "other"]) { generator, name in
            guard name == "events", !generator.chance(1, in: 10) else { return generator.value(depth: 2) }
            generator.array(upTo: 5) { generator in
                if generator.chance(1, in: 40) { return generator.value(depth: 2) }
                generator.object(["eventId", "event", "resourceId", "timestamp", "eventBody"]) { generator, name in
                    if name == "eventBody" || generator.chance(1, in: 8) {
                        generator.value(depth: 0)
                    } else if name == "timestamp", !generator.chance(1, in: 4) {
                        generator.append(
                            "\"2026-0\(generator.random.next() % 10)-2\(generator.random.next() % 10)T10:00:00.5Z\""
                        )
                    } else {
                        generator.string()
                    }
                }
            }
        }
    }

    private mutating func object(_ names: [String], _ member: (inout DocumentGenerator, String) -> Void) {
        self.append("{")
        self.space()
        for index in 0..<Int.random(in: 0...8, using: &self.random) {
            if index > 0 { self.append(",") }
            self.space()
            let name = names.randomElement(using: &self.random)!
            self.name(name)
            self.space()
            self.append(":")
            self.space()
            member(&self, name)
            self.space()
        }
        self.append("}")
    }

    private mutating func array(upTo count: Int, _ element: (inout DocumentGenerator) -> Void) {
        self.append("[")
        self.space()
        for index in 0..<Int.random(in: 0...count, using: &self.random) {
            if index > 0 { self.append(",") }
            self.space()
            element(&self)
            self.space()
        }
        self.append("]")
    }

    private mutating func value(depth: Int) {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 6), using: &self.random) {
        case 0: self.append("null")
        case 1: self.append("true")
        case 2: self.append("false")
        case 3:
            let numbers = ["0", "-0", "12", "-1.5e+9", "0.10", "1E400", "123456789012345678901234567890", "5e-7"]
            self.append(numbers.randomElement(using: &self.random)!)
        case 4, 5: self.string()
        case 6: self.array(upTo: 4) { $0.value(depth: depth + 1) }
        case 7: self.object(["event", "eventId", "a", "é"]) { generator, _ in generator.value(depth: depth + 1) }
        default:
            let levels = Int.random(in: 1...70, using: &self.random)
            self.append(String(repeating: "[", count: levels))
            self.append(String(repeating: "]", count: levels))
        }
    }

    /// A name as it is, or with some of its characters escaped.
    private mutating func name(_ name: String) {
        self.append("\"")
        for scalar in name.unicodeScalars {
            if self.chance(1, in: 60) { self.unicodeEscape(UInt16(scalar.value)) } else { self.append(String(scalar)) }
        }
        self.append("\"")
    }

    private mutating func string() {
        self.append("\"")
        for _ in 0..<Int.random(in: 0...5, using: &self.random) {
            switch Int.random(in: 0..<8, using: &self.random) {
            case 0:
                self.append(
                    ["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"].randomElement(using: &self.random)!
                )
            case 1: self.unicodeEscape(UInt16.random(in: 0...0xFFFF, using: &self.random))
            case 2: self.unicodeEscape(UInt16.random(in: 0xD7F0...0xE00F, using: &self.random))
            case 3:
                self.unicodeEscape(UInt16.random(in: 0xD800...0xDBFF, using: &self.random))
                self.unicodeEscape(UInt16.random(in: 0xDC00...0xDFFF, using: &self.random))
            case 4:
                let bounds: [UInt32] = [0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF, 0x20AC]
                self.append(String(Unicode.Scalar(bounds.randomElement(using: &self.random)!)!))
            default:
                self.append(["a", "queue", "0123456789abcdef", " ", "~ é 漢字 "].randomElement(using: &self.random)!)
            }
        }
        self.append("\"")
    }

    private mutating func unicodeEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16, uppercase: self.chance(1, in: 2))
        self.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }

    private mutating func space() {
        guard self.chance(1, in: 4) else { return }
        for _ in 0..<Int.random(in: 1...12, using: &self.random) {
            self.bytes.append([0x20, 0x20, 0x20, 0x09, 0x0A, 0x0D].randomElement(using: &self.random)!)
        }
    }

    private mutating func append(_ text: String) {
        self.bytes.append(contentsOf: text.utf8)
    }

    private mutating func chance(_ part: Int, in whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &self.random) < part
    }
}
