/// A short member name as numbers, so that looking one up costs a few comparisons and no loop.
struct JSONFieldName: Hashable {
    /// How many bytes the name has.
    private var count: Int
    /// Its first eight bytes, little-endian, zeros behind the last.
    private var low: UInt64
    /// Its next eight.
    private var high: UInt64

    /// The name with the given parts. Of a name above 16 bytes the rest is not kept: it equals no name of this dialect.
    @inline(__always)
    init(count: Int, low: UInt64, high: UInt64) {
        self.count = count
        self.low = low
        self.high = high
    }

    /// The name in `bytes`.
    init(_ bytes: some Collection<UInt8>) {
        self.init(count: bytes.count, low: Self.word(bytes.prefix(8)), high: Self.word(bytes.dropFirst(8).prefix(8)))
    }

    private static func word(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
    }

    // Spelled as numbers, so that they are constants and not made at first use.
    static let batchID = JSONFieldName(count: 7, low: 0x64_4968_6374_6162, high: 0)  // batchId
    static let lastEventID = JSONFieldName(count: 11, low: 0x6E65_7645_7473_616C, high: 0x64_4974)  // lastEventId
    static let timestamp = JSONFieldName(count: 9, low: 0x6D61_7473_656D_6974, high: 0x70)  // timestamp
    static let events = JSONFieldName(count: 6, low: 0x7374_6E65_7665, high: 0)  // events
    static let eventID = JSONFieldName(count: 7, low: 0x64_4974_6E65_7665, high: 0)  // eventId
    static let event = JSONFieldName(count: 5, low: 0x74_6E65_7665, high: 0)  // event
    static let resourceID = JSONFieldName(count: 10, low: 0x6563_7275_6F73_6572, high: 0x6449)  // resourceId
}
