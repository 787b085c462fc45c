/// Validates UTF-8 that arrives in pieces (RFC 3629; RFC 6455 section 8.1), and says so at the first byte that
/// cannot be part of any valid text. Between pieces it holds at most one unfinished code point.
struct UTF8Validator: Equatable, Sendable {
    /// What the next byte must be for the text to stay valid.
    private enum Expectation: Equatable {
        /// The start of a code point. Followed by `.boundary`, `.continuation`.
        case boundary
        /// `remaining` bytes of a code point, the first of them between `lowest` and `highest`: only the second byte
        /// of a code point is narrower than 0x80...0xBF (no overlong forms, no surrogates, nothing above U+10FFFF).
        /// Followed by `.continuation` with one byte less, `.boundary`.
        case continuation(remaining: UInt8, lowest: UInt8, highest: UInt8)
    }

    private var expectation = Expectation.boundary

    /// Whether the text may end here.
    var isAtBoundary: Bool { self.expectation == .boundary }

    /// Forgets what came before: the next piece starts a text.
    mutating func reset() {
        self.expectation = .boundary
    }

    /// Takes the next piece; false when no continuation can make the text valid.
    mutating func accept(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        let count = bytes.count
        while index < count {
            switch self.expectation {
            case .boundary:
                index = Self.endOfWholeCodePoints(in: bytes, from: index)
                if index < count {
                    guard let next = Self.expectation(afterLead: bytes[index]) else { return false }
                    self.expectation = next
                    index &+= 1
                }
            case .continuation(let remaining, let lowest, let highest):
                let byte = bytes[index]
                guard byte >= lowest && byte <= highest else { return false }
                self.expectation =
                    remaining == 1 ? .boundary : .continuation(remaining: remaining &- 1, lowest: 0x80, highest: 0xBF)
                index &+= 1
            }
        }
        return true
    }

    /// The fast way over valid code points that lie in `bytes` as a whole. What it does not pass is for the caller to
    /// judge: a code point that is cut or wrong.
    private static func endOfWholeCodePoints(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        let count = bytes.count
        while index < count {
            let lead = bytes[index]
            if lead < 0x80 {
                index = self.endOfASCII(in: bytes, from: index)
            } else if lead >= 0xE1, lead <= 0xEC, count &- index >= 3 {
                guard bytes[index &+ 1] & 0xC0 == 0x80, bytes[index &+ 2] & 0xC0 == 0x80 else { return index }
                index &+= 3
            } else if lead >= 0xC2, lead <= 0xDF, count &- index >= 2 {
                guard bytes[index &+ 1] & 0xC0 == 0x80 else { return index }
                index &+= 2
            } else if lead >= 0xF0, lead <= 0xF4, count &- index >= 4 {
                let second = bytes[index &+ 1]
                guard second >= (lead == 0xF0 ? 0x90 : 0x80), second <= (lead == 0xF4 ? 0x8F : 0xBF),
                    bytes[index &+ 2] & 0xC0 == 0x80, bytes[index &+ 3] & 0xC0 == 0x80
                else { return index }
                index &+= 4
            } else {
                return index
            }
        }
        return index
    }

    /// The index of the first byte at or after `start` that is not ASCII.
    private static func endOfASCII(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        let count = bytes.count
        // One branch for 64 bytes: the compiler turns the inner loop into vector instructions.
        while count &- index >= 64 {
            var union: UInt8 = 0
            for offset in index..<(index &+ 64) {
                union |= bytes[offset]
            }
            if union >= 0x80 { break }
            index &+= 64
        }
        while index < count && bytes[index] < 0x80 {
            index &+= 1
        }
        return index
    }

    /// What follows the first byte of a code point of more than one byte (RFC 3629 section 4).
    private static func expectation(afterLead lead: UInt8) -> Expectation? {
        switch lead {
        case 0xC2...0xDF: .continuation(remaining: 1, lowest: 0x80, highest: 0xBF)
        case 0xE0: .continuation(remaining: 2, lowest: 0xA0, highest: 0xBF)
        case 0xED: .continuation(remaining: 2, lowest: 0x80, highest: 0x9F)
        case 0xE1...0xEF: .continuation(remaining: 2, lowest: 0x80, highest: 0xBF)
        case 0xF0: .continuation(remaining: 3, lowest: 0x90, highest: 0xBF)
        case 0xF1...0xF3: .continuation(remaining: 3, lowest: 0x80, highest: 0xBF)
        case 0xF4: .continuation(remaining: 3, lowest: 0x80, highest: 0x8F)
        default: nil
        }
    }
}
