/// The path and the decoded query of a request target, as servers of web forms decode them: `+` is a space, so a client
/// that leaves a `+` bare has changed its value.
struct QueryParameters: Equatable {
    let path: String
    private let pairs: [Pair]
    /// A value had a character bare that S1.2 wants encoded.
    let hasBareReservedCharacters: Bool

    private struct Pair: Equatable {
        let name: String
        let value: String
    }

    /// Nil when an escape is not two hexadecimal digits, or the decoded bytes are not UTF-8.
    init?(target: String) {
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first.flatMap { String($0) } ?? ""
        self.init(path: path, encoded: parts.count > 1 ? parts[1] : "".utf8[...])
    }

    /// The pairs of a form body (`application/x-www-form-urlencoded`).
    init?(form: String) {
        self.init(path: "", encoded: form.utf8[...])
    }

    private init?(path: String, encoded: Substring.UTF8View.SubSequence) {
        self.path = path
        var pairs: [Pair] = []
        var bare = false
        for field in encoded.split(separator: UInt8(ascii: "&")) {
            let halves = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? halves[1] : "".utf8[...]
            guard let name = Self.decoded(halves[0]), let text = Self.decoded(value) else { return nil }
            bare = bare || !value.allSatisfy { Self.isUnreserved($0) || $0 == UInt8(ascii: "%") }
            pairs.append(Pair(name: name, value: text))
        }
        self.pairs = pairs
        self.hasBareReservedCharacters = bare
    }

    func values(of name: String) -> [String] {
        self.pairs.filter { $0.name == name }.map(\.value)
    }

    /// A whole number. Nil when the value is none, is not in the range, or there are several.
    func number(_ name: String, in range: ClosedRange<Int>, default standard: Int) -> Int? {
        let values = self.values(of: name)
        guard let text = values.first else { return standard }
        guard values.count == 1, let number = Int(text), range.contains(number) else { return nil }
        return number
    }

    private static func decoded(_ bytes: Substring.UTF8View.SubSequence) -> String? {
        var result: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(Self.digit), let low = iterator.next().flatMap(Self.digit)
                else { return nil }
                result.append(high << 4 | low)
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case _: result.append(byte)
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case _: false
        }
    }
}
