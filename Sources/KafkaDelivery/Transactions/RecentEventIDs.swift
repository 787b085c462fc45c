internal import BridgeCore

/// The last events that are committed of a stream, for a resume that repeats some of them (S4.9): at least those of the message that carried
/// the position, and all behind it.
struct RecentEventIDs {
    /// So many are kept where the last message has fewer.
    static let countMin = 256
    /// Of more than this the oldest are left out, in bytes of JSON. A record of them fits into one request with room to spare.
    static let bytesMax = 256 << 10

    private let bytesMax: Int
    private var newestFirst: [String] = []
    private var bytes = 0
    private var isFull = false

    private init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// - Parameters:
    ///   - batches: what a transaction has of one stream.
    ///   - before: the ids that are committed in front of them.
    /// - Returns: the oldest first.
    static func of(
        _ batches: some BidirectionalCollection<BatchProgress>,
        before: [String],
        bytesMax: Int = Self.bytesMax
    ) -> [String] {
        var recent = RecentEventIDs(bytesMax: bytesMax)
        var hasPosition = false
        var isNeeded = true
        for batch in batches.reversed() {
            // The message that carried the position is the last that a resume may repeat.
            if hasPosition, batch.endsMessage { isNeeded = false }
            if batch.checkpoint != nil { hasPosition = true }
            for event in batch.events.reversed() where !event.idIsDerived && event.id.count > 0 {
                recent.add(batch.bytes.string(event.id), isNeeded: isNeeded)
            }
            // A commit waits for this: what is left out need not be looked at.
            if recent.isFull { break }
        }
        for id in before.reversed() where !recent.isFull { recent.add(id, isNeeded: !hasPosition) }
        return recent.newestFirst.reversed()
    }

    private mutating func add(_ id: String, isNeeded: Bool) {
        self.bytes += Self.bytes(of: id)
        self.isFull = self.isFull || self.bytes > self.bytesMax || !isNeeded && self.newestFirst.count >= Self.countMin
        if !self.isFull { self.newestFirst.append(id) }
    }

    /// What `id` takes in JSON, at most.
    private static func bytes(of id: String) -> Int {
        id.utf8.reduce(3) { sum, byte in
            switch byte {
            case ..<0x20, 0x7f: sum + 6
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): sum + 2
            default: sum + 1
            }
        }
    }
}
