internal import DequeModule

/// Remembers what Kafka refused of one stream, so that it is told when it comes again: a record that was in a refused request is sent alone
/// then, and one that is refused alone goes to the dead letters (`no-silent-loss`).
///
/// Holds at most `countMax` records of either kind. What is forgotten is refused once more, and nothing worse.
public struct RefusedRecords: Sendable {
    /// How a record is to be sent.
    public enum Treatment: Hashable, Sendable {
        /// As any other.
        case ordinary
        /// With nothing else of the stream under way, so that its refusal is its own.
        case alone
        /// To the dead letters, for this reason.
        case deadLetter(reason: String)
    }

    private struct Content: Hashable {
        var id: UInt64
        var value: UInt64
        var length: UInt32
    }

    private struct Topic {
        var reason: String
        var until: Instant
    }

    /// Records that are remembered, at most.
    public static let countMax = 1_000
    /// A topic that refuses everything is tried again after this.
    public static let topicInterval = Duration.seconds(60)

    private var suspects: Set<Content> = []
    private var refused: [Content: String] = [:]
    private var refusedInOrder: Deque<Content> = []
    private var topics: [Int32: Topic] = [:]
    /// Whether suspects came since the stream last settled.
    private var hasNewSuspects = false

    /// Nothing was refused.
    public init() {}

    /// Whether every record is an ordinary one.
    public var isEmpty: Bool { self.suspects.isEmpty && self.refused.isEmpty && self.topics.isEmpty }

    /// How `record` is to be sent.
    public func treatment(of record: KafkaRecord, in bytes: MessageBytes, now: Instant) -> Treatment {
        if let topic = self.topics[record.route], now < topic.until { return .deadLetter(reason: topic.reason) }
        if self.suspects.isEmpty, self.refused.isEmpty { return .ordinary }
        let content = Self.content(of: record, in: bytes)
        if let reason = self.refused[content] { return .deadLetter(reason: reason) }
        return self.suspects.contains(content) ? .alone : .ordinary
    }

    /// Kafka refused `record`. Returns whether it goes to the dead letters when it comes again.
    public mutating func refuse(
        _ record: KafkaRecord,
        in bytes: MessageBytes,
        _ refusal: RecordRefusal,
        now: Instant
    ) -> Bool {
        let content = Self.content(of: record, in: bytes)
        switch refusal.extent {
        case .topic:
            self.topics[record.route] = Topic(reason: refusal.reason, until: now.advanced(by: Self.topicInterval))
            return true
        case .record:
            self.suspects.remove(content)
            guard self.refused.updateValue(refusal.reason, forKey: content) == nil else { return true }
            self.refusedInOrder.append(content)
            if self.refusedInOrder.count > Self.countMax {
                self.refused[self.refusedInOrder.removeFirst()] = nil
            }
            return true
        case .request:
            // Those of an earlier time stood in requests that are different now.
            if !self.hasNewSuspects { self.suspects = [] }
            self.hasNewSuspects = true
            // In the order of the records: the first ones are committed, and make room for the others.
            if self.suspects.count < Self.countMax { self.suspects.insert(content) }
            return false
        }
    }

    /// Nothing is under way any more; what comes now follows the committed position.
    public mutating func settled() {
        self.hasNewSuspects = false
    }

    private static func content(of record: KafkaRecord, in bytes: MessageBytes) -> Content {
        Content(id: bytes.hash(record.id), value: bytes.hash(record.value), length: record.value.length)
    }
}
