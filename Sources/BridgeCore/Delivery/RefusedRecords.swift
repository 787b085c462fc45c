internal import DequeModule

/// Remembers what Kafka refused of one stream, so that it is told when it comes again: a record that was in a refused request is sent alone
/// then, and one that is refused alone goes to the dead letters (`no-silent-loss`). A dead letter that is refused alone for its size is cut,
/// and cut again, until the topic takes it.
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
        /// An event and its dead letter may be alike in everything else.
        var route: Int32
        var id: UInt64
        var value: UInt64
        var length: UInt32
    }

    private struct Topic {
        var reason: String
        var until: Instant
    }

    /// Records of this size or above are too large, perhaps: how well a record is compressed is its own.
    private struct TooLarge {
        var bytes: UInt32
        var until: Instant
    }

    /// Records that are remembered, at most.
    public static let countMax = 1_000
    /// A topic that refuses everything, or everything large, is tried again after this.
    public static let topicInterval = Duration.seconds(60)
    /// No dead letter is cut below this.
    public static let deadLetterBytesMin = 512

    private var suspects: Set<Content> = []
    private var refused: [Content: String] = [:]
    private var refusedInOrder: Deque<Content> = []
    private var topics: [Int32: Topic] = [:]
    private var tooLarge: [Int32: TooLarge] = [:]
    /// Bytes of a dead letter's value beyond which it is cut; nil where none was refused for its size.
    public private(set) var deadLetterBytesMax: Int?
    /// Whether suspects came since the stream last settled.
    private var hasNewSuspects = false

    /// Nothing was refused.
    public init() {}

    /// Whether every record is an ordinary one.
    public var isEmpty: Bool {
        self.suspects.isEmpty && self.refused.isEmpty && self.topics.isEmpty && self.deadLetterBytesMax == nil
    }

    /// How `record` is to be sent.
    public func treatment(of record: KafkaRecord, in bytes: MessageBytes, now: Instant) -> Treatment {
        if let topic = self.topics[record.route], now < topic.until { return .deadLetter(reason: topic.reason) }
        if self.suspects.isEmpty, self.refused.isEmpty { return .ordinary }
        let content = Self.content(of: record, in: bytes)
        if let reason = self.refused[content] { return .deadLetter(reason: reason) }
        if let large = self.tooLarge[record.route], record.value.length >= large.bytes, now < large.until {
            return .alone
        }
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
            if refusal.isTooLarge { self.noteTooLarge(record, now: now) }
            self.suspects.remove(content)
            guard self.refused.updateValue(refusal.reason, forKey: content) == nil else { return true }
            self.refusedInOrder.append(content)
            if self.refusedInOrder.count > Self.countMax {
                self.refused[self.refusedInOrder.removeFirst()] = nil
            }
            return true
        case .request:
            self.suspect(content)
            return false
        }
    }

    /// Kafka refused `record`, a dead letter, which has no other place to go. Returns beyond how many bytes dead letters are cut from
    /// now on; nil where nothing has changed.
    ///
    /// - Parameter whole: how many bytes of a value fit into a record, as far as the settings know.
    public mutating func refuseDeadLetter(
        _ record: KafkaRecord,
        in bytes: MessageBytes,
        _ refusal: RecordRefusal,
        whole: Int
    ) -> Int? {
        guard refusal.isTooLarge, record.value.count > Self.deadLetterBytesMin else { return nil }
        let content = Self.content(of: record, in: bytes)
        guard refusal.extent == .record else {
            if refusal.extent == .request { self.suspect(content) }
            return nil
        }
        self.suspects.remove(content)
        let bytesMax = record.value.count > whole ? whole : record.value.count / 2
        self.deadLetterBytesMax = max(Self.deadLetterBytesMin, min(bytesMax, self.deadLetterBytesMax ?? bytesMax))
        return self.deadLetterBytesMax
    }

    private mutating func suspect(_ content: Content) {
        // Those of an earlier time stood in requests that are different now.
        if !self.hasNewSuspects { self.suspects = [] }
        self.hasNewSuspects = true
        // In the order of the records: the first ones are committed, and make room for the others.
        if self.suspects.count < Self.countMax { self.suspects.insert(content) }
    }

    private mutating func noteTooLarge(_ record: KafkaRecord, now: Instant) {
        let smallest = self.tooLarge[record.route].flatMap { now < $0.until ? $0.bytes : nil } ?? record.value.length
        self.tooLarge[record.route] = TooLarge(
            bytes: min(smallest, record.value.length),
            until: now.advanced(by: Self.topicInterval)
        )
    }

    /// Nothing is under way any more; what comes now follows the committed position.
    public mutating func settled() {
        self.hasNewSuspects = false
    }

    private static func content(of record: KafkaRecord, in bytes: MessageBytes) -> Content {
        Content(
            route: record.route,
            id: bytes.hash(record.id),
            value: bytes.hash(record.value),
            length: record.value.length
        )
    }
}
