/// The bytes of an IP address. An IPv4 address that is written as an IPv6 one (`::ffff:192.0.2.7`) is the IPv4 address.
struct IPAddress: Equatable, Sendable {
    /// 4 or 16.
    let bytes: [UInt8]
    /// The bits of the address as it was written: 32, or 128 also where it stands for an IPv4 address.
    let writtenBitCount: Int

    var bitCount: Int { self.bytes.count * 8 }

    /// RFC 4291 section 2.2, or four decimal numbers without leading zeros; no brackets, no zone. Nil for anything else.
    init?(_ text: Substring) {
        if let bytes = Self.version4(text) {
            self.bytes = bytes
            self.writtenBitCount = 32
        } else if let bytes = Self.version6(text) {
            let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            self.bytes = isMapped ? Array(bytes[12...]) : bytes
            self.writtenBitCount = 128
        } else {
            return nil
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.bytes == right.bytes }

    /// Whether the first `prefixBits` bits are those of `other`.
    func isInBlock(of other: Self, prefixBits: Int) -> Bool {
        guard self.bytes.count == other.bytes.count else { return false }
        return zip(self.bytes, other.bytes).enumerated().allSatisfy { index, pair in
            let bits = min(max(prefixBits - index * 8, 0), 8)
            // Bits to the left of the byte fall off.
            let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
            return pair.0 & mask == pair.1 & mask
        }
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let byte = UInt8(Substring(part))
            else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: Substring) -> [UInt8]? {
        guard text.utf8.count <= 45 else { return nil }
        guard let gap = text.firstRange(of: "::") else {
            let bytes = self.groups(text, endsAddress: true)
            return bytes?.count == 16 ? bytes : nil
        }
        guard let head = self.groups(text[..<gap.lowerBound], endsAddress: false),
            let tail = self.groups(text[gap.upperBound...], endsAddress: true),
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups of up to four hexadecimal digits, of which the last may be an IPv4 address.
    private static func groups(_ text: Substring, endsAddress: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if endsAddress, index == parts.count - 1, let last = self.version4(part) {
                bytes += last
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(self.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default:
            false
        }
    }
}
