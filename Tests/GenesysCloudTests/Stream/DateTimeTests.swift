import Testing

@testable import GenesysCloud

@Suite
struct DateTimeTests {
    @Test(
        "A date-time of RFC 3339 is its milliseconds since 1970",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T00:00:00.001Z", 1),
            ("1969-12-31T23:59:59.999Z", -1),
            ("2026-11-23T10:00:00.000Z", 1_795_428_000_000),
            ("2026-11-23t10:00:00z", 1_795_428_000_000),
            ("2026-11-23T11:00:00.000+01:00", 1_795_428_000_000),
            ("2026-11-23T04:30:00-05:30", 1_795_428_000_000),
            ("2026-11-23T10:00:00-00:00", 1_795_428_000_000),
            ("2026-11-23T10:00:00.1Z", 1_795_428_000_100),
            ("2026-11-23T10:00:00.9999999999999999999999Z", 1_795_428_000_999),
            ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1985-04-12T23:20:50.52Z", 482_196_050_520),  // RFC 3339 section 5.8
            ("1996-12-19T16:39:57-08:00", 851_042_397_000),
            ("1990-12-31T23:59:60Z", 662_688_000_000),  // a leap second is the second after it
            ("1990-12-31T15:59:60-08:00", 662_688_000_000),
            ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
            ("0000-01-01T00:00:00Z", -62_167_219_200_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)]
    )
    func accepted(text: String, milliseconds: Int64) {
        #expect(DateTime.milliseconds(of: Array(text.utf8).span) == milliseconds)
        #expect(ReferenceDateTime.milliseconds(text) == milliseconds)
    }

    @Test(
        "What RFC 3339 does not allow is no date-time",
        arguments: [
            "", "Z", "2026", "2026-11-23", "2026-11-23T10:00:00", "2026-11-23T10:00Z", "2026-11-23 10:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T10:60:00Z",
            "2026-11-23T10:00:61Z", "2026-11-23T10:00:60Z", "2026-11-30T22:59:60Z", "2026-11-23T23:59:60Z",
            "2026-11-23T10:00:00.Z", "2026-11-23T10:00:00,5Z", "2026-11-23T10:00:00+01", "2026-11-23T10:00:00+0100",
            "2026-11-23T10:00:00+24:00", "2026-11-23T10:00:00+01:60", "2026-11-23T10:00:00 01:00",
            "2026-11-23T10:00:00ZZ", "2026-11-23T10:00:00Z ", " 2026-11-23T10:00:00Z", "+2026-11-23T10:00:00Z",
            "12026-11-23T10:00:00Z", "2026-1-23T10:00:00.0Z", "2026-11-23T10:00:0:Z", "２026-11-23T10:00:00Z",
            "2026-11-23T10:00:00.5", "20261123T100000.000Z", "2026-11-23\u{14}10:00:00Z", "2026-11-23T10:00:00\u{3A}",
        ]
    )
    func refused(text: String) {
        #expect(DateTime.milliseconds(of: Array(text.utf8).span) == nil)
        #expect(ReferenceDateTime.milliseconds(text) == nil)
    }

    @Test("Times made, and broken, at random agree with the reference", arguments: [11, 12] as [UInt64])
    func agreesWithReference(seed: UInt64) {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        func digits(_ range: ClosedRange<Int>, _ count: Int = 2) -> String {
            let text = String(Int.random(in: range, using: &random))
            return String(repeating: "0", count: max(count - text.count, 0)) + text
        }
        var acceptedCount = 0
        for _ in 0..<1500 {
            let date = "\(digits(0...9999, 4))-\(digits(1...12))-\(digits(1...31))"
            let time = "\(digits(0...23)):\(digits(0...59)):\(digits(0...60))"
            let fraction = ["", ".\(digits(0...999_999, 6))"].randomElement(using: &random)!
            let offset = ["Z", "z", "+\(digits(0...24)):\(digits(0...60))", "-23:59"].randomElement(using: &random)!
            var bytes = Array("\(date)T\(time)\(fraction)\(offset)".utf8)
            if Bool.random(using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let milliseconds = DateTime.milliseconds(of: bytes.span)
            #expect(milliseconds == ReferenceDateTime.milliseconds(text), "seed \(seed): \(text)")
            acceptedCount += milliseconds == nil ? 0 : 1
        }
        #expect(300...1400 ~= acceptedCount)
    }

    @Test("Leap seconds are at the end of a month, in UTC", arguments: [1583, 1972, 2000, 2016, 2100, 9998])
    func leapSeconds(year: Int) {
        for month in 1...12 {
            for day in 27...31 {
                for offset in ["23:59:60Z", "12:29:60-11:30", "23:58:60Z", "22:59:60Z"] {
                    let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day)T\(offset)"
                    let milliseconds = DateTime.milliseconds(of: Array(text.utf8).span)
                    #expect(milliseconds == ReferenceDateTime.milliseconds(text), "\(text)")
                }
            }
        }
    }
}
