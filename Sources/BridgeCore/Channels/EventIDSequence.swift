/// Ids for events of a dialect that has none (C3): `<start>-<random>-<number>`, 42 bytes.
///
/// `start` is when the process began, in milliseconds since 1970, 12 hexadecimal digits; `random` 64 bits that the process drew, 16 digits;
/// `number` counts the sequence's events from 1, 12 digits. An id is assigned once, when its event is received, and is kept through whatever
/// comes later. Ids of one sequence sort in the order of receipt, and no other process or sequence gives the same ones.
public struct EventIDSequence: Hashable, Sendable {
    /// How many bytes an id has.
    public static let idByteCount = 42

    private let prefix: [UInt8]
    private var count: UInt64 = 0

    /// A sequence of the process that began at `startedAtMilliseconds` and drew `random` for it.
    public init(startedAtMilliseconds: Int64, random: UInt64) {
        var prefix: [UInt8] = []
        Self.append(UInt64(bitPattern: max(startedAtMilliseconds, 0)), digits: 12, to: &prefix)
        prefix.append(UInt8(ascii: "-"))
        Self.append(random, digits: 16, to: &prefix)
        prefix.append(UInt8(ascii: "-"))
        self.prefix = prefix
    }

    /// The next id.
    public mutating func next() -> EventID {
        self.count &+= 1
        return EventID(prefix: self.prefix, number: self.count)
    }

    /// The low `digits` digits.
    static func append(_ number: UInt64, digits: Int, to bytes: inout [UInt8]) {
        for place in (0..<digits).reversed() {
            let digit = UInt8(truncatingIfNeeded: number >> UInt64(place * 4)) & 0xF
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
