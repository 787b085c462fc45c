extension JSONScanner {
    /// Appends the content of `token` to `bytes`, decoded, as UTF-8.
    ///
    /// An escaped surrogate without its other half stands for no character, and UTF-8 has no form for it: it becomes
    /// U+FFFD.
    func decode(_ token: JSONStringToken, into bytes: inout [UInt8]) {
        var index = token.start
        while index < token.end {
            let byte = self.byte(at: index)
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                index += 1
                continue
            }
            let letter = self.byte(at: index + 1)
            index += 2
            switch letter {
            case UInt8(ascii: "b"): bytes.append(0x08)
            case UInt8(ascii: "f"): bytes.append(0x0C)
            case UInt8(ascii: "n"): bytes.append(0x0A)
            case UInt8(ascii: "r"): bytes.append(0x0D)
            case UInt8(ascii: "t"): bytes.append(0x09)
            case UInt8(ascii: "u"): Self.append(self.scalar(at: &index), to: &bytes)
            default: bytes.append(letter)
            }
        }
    }

    /// The content of `token` as text.
    func text(_ token: JSONStringToken) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(token.count)
        self.decode(token, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What a member is called, as far as it can be one of the names that this dialect knows.
    @inline(__always)
    func fieldName(_ token: JSONStringToken) -> JSONFieldName {
        guard !token.hasEscapes else {
            var bytes: [UInt8] = []
            self.decode(token, into: &bytes)
            return JSONFieldName(bytes)
        }
        guard token.count > 8 else {
            let unused = UInt64(8 - token.count) * 8
            let low = token.count > 0 ? (self.word(at: token.start) << unused) >> unused : 0
            return JSONFieldName(count: token.count, low: low, high: 0)
        }
        let unused = UInt64(max(16 - token.count, 0)) * 8
        let high = (self.word(at: token.start + 8) << unused) >> unused
        return JSONFieldName(count: token.count, low: self.word(at: token.start), high: high)
    }

    /// The character that the four digits at `index` name, with those of the other half where it is half a surrogate
    /// pair.
    private func scalar(at index: inout Int) -> UInt32 {
        let first = self.codeUnit(at: index)
        index += 4
        guard 0xD800...0xDBFF ~= first, self.byte(at: index) == UInt8(ascii: "\\"),
            self.byte(at: index + 1) == UInt8(ascii: "u")
        else { return first }
        let second = self.codeUnit(at: index + 2)
        guard 0xDC00...0xDFFF ~= second else { return first }
        index += 6
        return 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
    }

    private func codeUnit(at index: Int) -> UInt32 {
        (0..<4).reduce(0) {
            let digit = self.byte(at: index + $1)
            return $0 << 4 | UInt32(digit <= UInt8(ascii: "9") ? digit & 0x0F : (digit & 0x0F) + 9)
        }
    }

    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: (Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    }
}
