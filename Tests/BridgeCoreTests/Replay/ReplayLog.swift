import BridgeCore

/// A server's ordered log of one stream, and what a socket brings of it: messages with whatever boundaries that socket has.
struct ReplayLog {
    /// Where each event stands in the log is its number, from 0.
    struct Entry: Hashable {
        var number: Int
        /// An event without an id of its own.
        var isAnonymous: Bool
    }

    private(set) var entries: [Entry] = []
    var anonymousPercent: Int

    /// Appends `count` events.
    mutating func append(_ count: Int, random: inout SeededGenerator) {
        for _ in 0..<count {
            let isAnonymous = Int.random(in: 0..<100, using: &random) < self.anonymousPercent
            self.entries.append(Entry(number: self.entries.count, isAnonymous: isAnonymous))
        }
    }

    /// The resume point behind the first `count` events.
    static func position(behind count: Int) -> Position { Position(kind: .lastEventId, value: "p\(count)") }

    /// How many events lie before `position`.
    static func count(before position: Position?) -> Int? { position.flatMap { Int($0.value.dropFirst()) } }

    /// One message of the events in `range`, cut into `pieces` batches; the last one carries the position.
    func message(_ range: Range<Int>, pieces: Int = 1) -> [NotificationBatch] {
        let size = max(1, (range.count + pieces - 1) / pieces)
        var starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: size))
        if starts.isEmpty { starts = [range.lowerBound] }
        return starts.map { start in
            let end = min(start + size, range.upperBound)
            return Self.batch(
                Array(self.entries[start..<end]),
                position: end == range.upperBound ? Self.position(behind: range.upperBound) : nil
            )
        }
    }

    private static func batch(_ entries: [Entry], position: Position?) -> NotificationBatch {
        var bytes: [UInt8] = []
        var events: [NotificationEvent] = []
        for entry in entries {
            let id = Array("event-\(entry.number)".utf8)
            let range = ByteRange(offset: UInt32(bytes.count), length: UInt32(id.count))
            bytes += id
            events.append(
                NotificationEvent(
                    value: range,
                    id: range,
                    idIsDerived: entry.isAnonymous,
                    name: nil,
                    resourceID: nil,
                    time: nil,
                    timeMilliseconds: nil
                )
            )
        }
        return NotificationBatch(
            bytes: MessageBytes(bytes),
            events: events,
            position: position,
            batchID: nil,
            endsMessage: position != nil
        )
    }

    /// The numbers of a message's events.
    static func numbers(_ batches: some Sequence<NotificationBatch>) -> [Int] {
        batches.flatMap { batch in
            batch.events.compactMap { Int(batch.bytes.string($0.id).dropFirst("event-".count)) }
        }
    }
}
