/// Finds records that stand behind later ones of their key (`order-per-key`: records of one key reach their partition in the order in which
/// they were received).
///
/// Of the events of one topic their numbers tell the order. Where several topics have one key in one Kafka topic, times do, as far as one set
/// of channels brings them all: what came to be earlier was sent earlier, and what was received earlier has the earlier time of receipt. An
/// event with a time of its own cannot be compared with a time of receipt in front of it. Other sets have ways of their own into Kafka: there
/// is no order between them. A clock that is set back under a running bridge looks like a wrong order of several topics.
///
/// Holds at most: the newest of each of the first million keys and topics, about 130 MB; the order of further ones is not looked at.
struct KeyOrder {
    /// The records of a Kafka topic that have one key.
    struct Place: Hashable {
        /// The Kafka topic.
        var kafkaTopic: String
        /// The key.
        var key: [UInt8]
    }

    private struct Newest {
        /// The latest own time, and the latest time of receipt.
        var own = Int.min
        var received = Int.min
        /// Of which topics they are.
        var ownTopic: Int32 = -1
        var receivedTopic: Int32 = -1
        var firstTopic: Int32
        /// Which channels bring what is compared here; nobody's as long as that is not known.
        var stream: Int32
        /// Whether there is something that cannot be compared.
        var isUncompared = false
    }

    private static let unknown: Int32 = -1

    private let countMax: Int
    /// Topics and streams have numbers instead of names.
    private var topics: [String: Int32] = [:]
    private var streams: [String: Int32] = [:]
    /// The newest number of each topic at each place, by hash.
    private var numbers: [Int: Int] = [:]
    /// What is newest at each place, by hash.
    private var newest: [Int: Newest] = [:]
    /// Keys that several topics share, of which no gap record says that the same channels bring them.
    private(set) var uncomparedKeyCount = 0
    /// Records whose order was not looked at, because there are too many keys.
    private(set) var unfollowedCount = 0

    init(countMax: Int = 1 << 20) {
        self.countMax = countMax
    }

    /// An event that was not there before.
    ///
    /// - Parameter stream: the channels that bring its topic; nil where that is not known.
    /// - Returns: whether it stands behind a later one.
    mutating func isLate(_ event: NumberedNotification, at place: Place, _ time: EventTime?, stream: String?) -> Bool {
        let topic = Self.number(event.topic, in: &self.topics)
        let stream = stream.map { Self.number($0, in: &self.streams) } ?? Self.unknown
        let placeHash = place.hashValue
        var hasher = Hasher()
        hasher.combine(placeHash)
        hasher.combine(topic)
        let hash = hasher.finalize()
        let number = self.numbers[hash]
        guard number != nil || self.numbers.count < self.countMax else {
            self.unfollowedCount += 1
            return false
        }
        self.numbers[hash] = max(number ?? event.number, event.number)
        let isBehindAnotherTopic = self.isLate(topic, at: placeHash, time, stream: stream)
        return isBehindAnotherTopic || event.number < number ?? 0
    }

    private static func number(_ name: String, in names: inout [String: Int32]) -> Int32 {
        let number = names[name] ?? Int32(names.count)
        names[name] = number
        return number
    }

    /// Whether it stands behind a later event of another topic.
    private mutating func isLate(_ topic: Int32, at place: Int, _ time: EventTime?, stream: Int32) -> Bool {
        var newest = self.newest.removeValue(forKey: place) ?? Newest(firstTopic: topic, stream: stream)
        defer { self.newest[place] = newest }
        if newest.stream == Self.unknown, newest.firstTopic == topic { newest.stream = stream }
        guard stream != Self.unknown, stream == newest.stream else {
            if topic != newest.firstTopic, !newest.isUncompared {
                newest.isUncompared = true
                self.uncomparedKeyCount += 1
            }
            return false
        }
        guard let time else { return false }
        if time.isOwn {
            let isLate = newest.ownTopic != topic && time.milliseconds < newest.own
            if time.milliseconds >= newest.own { (newest.own, newest.ownTopic) = (time.milliseconds, topic) }
            return isLate
        }
        // One clock is that of the one who made the event, the other is the bridge's.
        let isBeforeMade =
            newest.ownTopic != topic && newest.own > .min
            && time.milliseconds + TopicGaps.clockTolerance < newest.own
        let isLate = newest.receivedTopic != topic && time.milliseconds < newest.received
        if time.milliseconds >= newest.received {
            (newest.received, newest.receivedTopic) = (time.milliseconds, topic)
        }
        return isLate || isBeforeMade
    }
}
