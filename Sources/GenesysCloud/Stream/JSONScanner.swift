import BridgeCore

/// Walks the bytes of one JSON text once, and accepts exactly what RFC 8259 (with RFC 3629 for UTF-8) allows, up to a
/// depth.
///
/// This file holds the bytes and the tokens, `JSONScanner+Values` the nesting. It is the only file of the module with
/// unsafe code: an unchecked load costs 40 % less than a checked one on this path. Every load here stands behind a
/// comparison with `count`; the scanner itself is lent to a closure and never outlives the bytes.
@safe
struct JSONScanner {
    /// Containers inside each other, the top-level one included. RFC 8259 section 9 lets a parser set a limit; this one
    /// is a guard against hostile input, far above any notification.
    static let depthLimit = 512

    private let base: UnsafeRawPointer
    /// How many bytes there are.
    let count: Int
    /// The next byte to look at.
    private(set) var index = 0

    private init(_ bytes: UnsafeRawBufferPointer, empty: UnsafeRawPointer) {
        unsafe self.base = bytes.baseAddress ?? empty
        self.count = bytes.count
    }

    /// Lends a scanner at the first of `bytes` to `body`.
    static func scanning<Result>(
        _ bytes: Span<UInt8>,
        _ body: (inout JSONScanner) throws(MessageDefect) -> Result
    ) throws(MessageDefect) -> Result {
        var nothing: UInt8 = 0
        return try unsafe withUnsafePointer(to: &nothing) { (empty) throws(MessageDefect) -> Result in
            try unsafe bytes.withUnsafeBytes { (buffer) throws(MessageDefect) -> Result in
                var scanner = unsafe JSONScanner(buffer, empty: UnsafeRawPointer(empty))
                return try body(&scanner)
            }
        }
    }

    // MARK: Bytes

    /// The next byte; zero, which no token starts with, behind the last.
    @inline(__always)
    var byte: UInt8 {
        self.index < self.count ? unsafe self.base.load(fromByteOffset: self.index, as: UInt8.self) : 0
    }

    /// The byte at `offset`; zero behind the last.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        offset < self.count ? unsafe self.base.load(fromByteOffset: offset, as: UInt8.self) : 0
    }

    /// Appends the bytes in `range`, as far as they are there.
    func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
        let range = range.clamped(to: 0..<self.count)
        unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: self.base, count: self.count)[range])
    }

    /// Steps over a byte that was looked at.
    @inline(__always)
    mutating func advance() {
        self.index += 1
    }

    /// Eight bytes from `offset` as one little-endian number; those behind the last are zero.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        guard offset + 8 <= self.count else { return self.lastWord(at: offset) }
        return unsafe UInt64(littleEndian: self.base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(never)
    private func lastWord(at offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(self.byte(at: offset + $1)) << UInt64($1 * 8) }
    }

    /// The defect that the next byte is: `reason`, or the end of the text.
    @inline(never)
    func defect(_ reason: MessageDefect.Reason = .unexpectedByte) -> MessageDefect {
        MessageDefect(self.index < self.count ? reason : .endsEarly, at: self.index)
    }

    /// Steps over white space (RFC 8259 section 2); an indentation eight bytes at a time.
    @inline(__always)
    mutating func skipSpace() {
        while self.byte <= 0x20, self.index < self.count {
            switch self.byte {
            case 0x20, 0x0A, 0x0D, 0x09: self.index += 1
            default: return
            }
            while self.word(at: self.index) == 0x2020_2020_2020_2020 { self.index += 8 }
        }
    }

    // MARK: Tokens

    /// Steps over a string, from its opening quote to behind its closing one.
    mutating func string() throws(MessageDefect) -> JSONStringToken {
        let start = self.index + 1
        var hasEscapes = false
        self.index = start
        while true {
            self.skipPlain()
            switch self.byte {
            case UInt8(ascii: "\""):
                let token = JSONStringToken(start: start, end: self.index, hasEscapes: hasEscapes)
                self.index += 1
                return token
            case UInt8(ascii: "\\"):
                hasEscapes = true
                repeat { try self.escape() } while self.byte == UInt8(ascii: "\\")
            case 0x80...:
                repeat { try self.multibyteCharacter() } while self.byte >= 0x80
            default:
                throw self.defect(.controlCharacter)
            }
        }
    }

    /// Steps over bytes that stand for themselves: printable ASCII other than quote and backslash, eight at a time.
    ///
    /// Each difference below sets a byte's high bit where the byte is less than a space, a quote or a backslash; so
    /// does a byte from 0x80 by itself. A borrow can only spoil bytes behind the first one found.
    @inline(__always)
    private mutating func skipPlain() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while self.index + 8 <= self.count {
            let word = unsafe UInt64(littleEndian: self.base.loadUnaligned(fromByteOffset: self.index, as: UInt64.self))
            let controls = word &- ones &* 0x20
            let quotes = (word ^ ones &* 0x22) &- ones
            let backslashes = (word ^ ones &* 0x5C) &- ones
            let stops = (controls | quotes | backslashes | word) & (ones &* 0x80)
            guard stops == 0 else {
                self.index += stops.trailingZeroBitCount / 8
                return
            }
            self.index += 8
        }
        while true {
            switch self.byte {
            case 0x20...0x21, 0x23...0x5B, 0x5D...0x7F: self.index += 1
            default: return
            }
        }
    }

    /// Steps over one escape. A `\u` escape may name half a surrogate pair: the grammar allows it (RFC 8259 section
    /// 8.2).
    @inline(__always)
    private mutating func escape() throws(MessageDefect) {
        switch self.byte(at: self.index + 1) {
        case UInt8(ascii: "u"):
            guard Self.areHexDigits(self.word(at: self.index + 2)) else { throw self.defect(.invalidEscape) }
            self.index += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            self.index += 2
        default:
            throw self.defect(.invalidEscape)
        }
    }

    /// Whether the low four bytes are all hexadecimal digits. Each sum sets a byte's high bit where the byte is at
    /// least, or above, a bound; a carry comes only from a byte with its own high bit set, which is refused as it is.
    @inline(__always)
    private static func areHexDigits(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101
        let word = word & 0xFFFF_FFFF
        let lowercase = word | ones &* 0x20
        let digits = (word &+ ones &* (0x80 - 0x30)) & ~(word &+ ones &* (0x7F - 0x39))
        let letters = (lowercase &+ ones &* (0x80 - 0x61)) & ~(lowercase &+ ones &* (0x7F - 0x66))
        return (digits | letters) & ~word & (ones &* 0x80) == ones &* 0x80
    }

    /// Steps over one character of two to four bytes, by the table of RFC 3629 section 4.
    @inline(__always)
    private mutating func multibyteCharacter() throws(MessageDefect) {
        let word = self.word(at: self.index)
        let isValid: Bool
        let length: Int
        if word & 0xC0E0 == 0x80C0 {
            length = 2
            isValid = word & 0x1E != 0  // C0 and C1 would be overlong
        } else if word & 0xC0_C0F0 == 0x80_80E0 {
            length = 3
            let top = word & 0x200F
            isValid = top != 0 && top != 0x200D  // E0 80...9F would be overlong, ED A0...BF are surrogates
        } else if word & 0xC0C0_C0F8 == 0x8080_80F0 {
            length = 4
            let top = word & 0x3007
            isValid = top != 0 && (top & 7 < 4 || top == 4)  // F0 80...8F would be overlong, F4 90 is above U+10FFFF
        } else {
            length = 0
            isValid = false
        }
        guard isValid else { throw self.defect(.invalidUTF8) }
        self.index += length
    }

    /// Steps over a number (RFC 8259 section 6), from its sign or first digit. Its size does not matter: it is not
    /// computed.
    mutating func number() throws(MessageDefect) {
        if self.byte == UInt8(ascii: "-") { self.index += 1 }
        if self.byte == UInt8(ascii: "0") {
            self.index += 1
        } else {
            try self.digits()
        }
        if self.byte == UInt8(ascii: ".") {
            self.index += 1
            try self.digits()
        }
        if self.byte | 0x20 == UInt8(ascii: "e") {
            self.index += 1
            if self.byte == UInt8(ascii: "+") || self.byte == UInt8(ascii: "-") { self.index += 1 }
            try self.digits()
        }
    }

    /// Steps over one or more digits.
    @inline(__always)
    private mutating func digits() throws(MessageDefect) {
        guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= self.byte else { throw self.defect(.invalidNumber) }
        repeat { self.index += 1 } while UInt8(ascii: "0")...UInt8(ascii: "9") ~= self.byte
    }

    /// Steps over `true`, `false` or `null`, from its first letter.
    mutating func literal() throws(MessageDefect) {
        let rest: StaticString
        switch self.byte {
        case UInt8(ascii: "t"): rest = "true"
        case UInt8(ascii: "f"): rest = "false"
        default: rest = "null"
        }
        for offset in 0..<rest.utf8CodeUnitCount {
            guard self.byte == (unsafe rest.utf8Start[offset]) else { throw self.defect() }
            self.index += 1
        }
    }
}

extension MessageBytes {
    /// Copies `span` and, behind it, `tail`. Here because `Span.bytes` counts as unsafe; for bytes it is not.
    convenience init(copying span: Span<UInt8>, appending tail: [UInt8] = []) {
        unsafe self.init(copying: span.bytes, appending: tail)
    }
}
