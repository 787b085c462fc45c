import BridgeCore

/// Ids for events that have none: the same ones whenever the server sends the same message again.
struct DerivedIDs {
    /// A prefix above this many bytes is not used: it would be repeated for every event.
    private static let prefixByteLimit = 128

    /// What the ids start with; nil where each starts with a hash of its event.
    private let prefix: [UInt8]?

    /// Ids from the message's `batchId` or, where that is absent or long, its position or, failing both, the event's
    /// own bytes.
    init(batchID: String?, position: Position?) {
        self.prefix = [batchID, position?.value].lazy
            .compactMap { $0?.utf8 }
            .first { 1...Self.prefixByteLimit ~= $0.count }
            .map(Array.init)
    }

    /// The length that no id exceeds: prefix or hash, a hyphen, and an index below 2^32.
    var maxByteCount: Int { (self.prefix?.count ?? 16) + 11 }

    /// Appends `<prefix>-<index>`, the id of the message's `index`-th event (from 0), whose bytes are `event`.
    func append(index: Int, event: Span<UInt8>, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: self.prefix ?? Self.hash(of: event))
        bytes.append(UInt8(ascii: "-"))
        bytes.append(contentsOf: String(index).utf8)
    }

    /// FNV-1a, 64 bits, in hexadecimal: stable across builds and processes, which Swift's own hash is not.
    private static func hash(of bytes: Span<UInt8>) -> [UInt8] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in bytes.indices {
            hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8)
    }
}
