/// CRC-32C (Castagnoli), the checksum of every part of a spool's segment: finds tearing and rot, not malice.
enum CRC32C {
    /// Eight tables of 256 words: eight bytes a step.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0x82F6_3B78 ^ (crc >> 1) : crc >> 1 }
            tables[byte] = crc
        }
        for byte in 0..<256 {
            for table in 1..<8 {
                let before = tables[(table - 1) * 256 + byte]
                tables[table * 256 + byte] = tables[Int(before & 0xFF)] ^ (before >> 8)
            }
        }
        return tables
    }()

    /// The checksum of `bytes[range]`. The range lies inside.
    static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
        let span = bytes.span.extracting(range)
        let tables = Self.tables.span
        var crc: UInt32 = 0xFFFF_FFFF
        var index = 0
        while index + 8 <= span.count {
            let first = UInt32(span[index]) | UInt32(span[index + 1]) << 8
            let second = UInt32(span[index + 2]) << 16 | UInt32(span[index + 3]) << 24
            let low = crc ^ (first | second)
            crc = tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
            crc ^= tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
            crc ^= tables[3 * 256 + Int(span[index + 4])] ^ tables[2 * 256 + Int(span[index + 5])]
            crc ^= tables[256 + Int(span[index + 6])] ^ tables[Int(span[index + 7])]
            index += 8
        }
        while index < span.count {
            crc = tables[Int((crc ^ UInt32(span[index])) & 0xFF)] ^ (crc >> 8)
            index += 1
        }
        return ~crc
    }
}
