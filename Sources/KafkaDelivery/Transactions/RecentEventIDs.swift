internal import BridgeCore

/// The last events up to a committed position, for a resume that repeats some of them (S4.9): at least those of the last message.
enum RecentEventIDs {
    /// So many are kept where the last message has fewer.
    static let countMin = 256
    /// The ids of a longer message are kept from its end.
    static let bytesMax = 256 << 10

    /// - Parameters:
    ///   - batches: what a transaction has of one stream, up to the batch that carries the position.
    ///   - before: the ids up to the position in front of them.
    /// - Returns: the oldest first.
    static func of(_ batches: some BidirectionalCollection<BatchProgress>, before: [String]) -> [String] {
        var newestFirst: [String] = []
        var bytes = 0
        var isLastMessage = true
        for (index, batch) in batches.reversed().enumerated() {
            if index > 0, batch.endsMessage { isLastMessage = false }
            for event in batch.events.reversed() where !event.idIsDerived && event.id.count > 0 {
                bytes += event.id.count
                guard bytes <= Self.bytesMax, isLastMessage || newestFirst.count < Self.countMin else {
                    return newestFirst.reversed()
                }
                newestFirst.append(batch.bytes.string(event.id))
            }
        }
        let missing = max(0, Self.countMin - newestFirst.count)
        return before.suffix(missing) + newestFirst.reversed()
    }
}
