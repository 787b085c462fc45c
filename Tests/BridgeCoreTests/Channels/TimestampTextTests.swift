import BridgeCore
import Foundation
import Testing

@Suite("Timestamps")
struct TimestampTextTests {
    @Test("times are written as Foundation writes them", arguments: [1 as UInt64, 2, 3])
    func times(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<2000 {
            let milliseconds = Int64.random(in: -12_212_467_200_000...253_402_300_799_999, using: &random)
            // From 1583 on: before, Foundation has the Julian calendar. It counts in binary fractions of a second: whole ones are exact.
            let whole = milliseconds - milliseconds % 1000
            let date = Date(timeIntervalSince1970: Double(whole / 1000))
            #expect(TimestampText.text(ofMilliseconds: whole) == date.formatted(style))
        }
    }

    @Test(
        "times are right on the calendar's edges",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func edges(milliseconds: Int64, expected: String) {
        #expect(TimestampText.text(ofMilliseconds: milliseconds) == expected)
    }

    @Test("times beyond four digits stop at their ends")
    func ends() {
        #expect(TimestampText.text(ofMilliseconds: .max) == "9999-12-31T23:59:59.999Z")
        #expect(TimestampText.text(ofMilliseconds: .min).utf8.count == TimestampText.byteCount)
    }
}
