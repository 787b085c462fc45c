/// Events of one socket, as one batch, and what their copies on another socket are recognised by.
public struct ChannelBatch: Sendable {
    /// By what two copies of an event are the same: its topic and its body, as ranges of the batch's bytes.
    public struct Match: Hashable, Sendable {
        /// `topicName`, decoded.
        public var topic: ByteRange
        /// `eventBody`, as received; empty where there is none.
        public var body: ByteRange

        /// The two.
        public init(topic: ByteRange, body: ByteRange) {
            self.topic = topic
            self.body = body
        }
    }

    /// The batch. It has no position: this source replays nothing.
    public private(set) var batch: NotificationBatch
    /// One for each event.
    public private(set) var matches: [Match]

    /// A batch; `matches` has one for each of its events.
    public init(_ batch: NotificationBatch, matches: [Match]) {
        precondition(batch.events.count == matches.count, "each event has what it is matched by")
        self.batch = batch
        self.matches = matches
    }

    /// Removes every event. Returns how many.
    mutating func discardAll() -> Int {
        defer {
            self.matches = []
            self.batch.events = []
        }
        return self.matches.count
    }

    /// Removes the events for which `isCopy` says so. Returns how many.
    mutating func removeAll(where isCopy: (Match, MessageBytes) -> Bool) -> Int {
        let bytes = self.batch.bytes
        var kept = 0
        for index in self.matches.indices {
            if isCopy(self.matches[index], bytes) { continue }
            if kept != index {
                self.matches[kept] = self.matches[index]
                self.batch.events[kept] = self.batch.events[index]
            }
            kept += 1
        }
        let removed = self.matches.count - kept
        self.matches.removeLast(removed)
        self.batch.events.removeLast(removed)
        return removed
    }
}
