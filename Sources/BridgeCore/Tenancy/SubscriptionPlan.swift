/// Which stream of a tenant brings which subscription (S3.5). Stored beside the checkpoints: a subscription never moves to a stream with
/// another position, for that would lose events.
public struct SubscriptionPlan: Hashable, Sendable {
    /// One stream and what it is subscribed to, in the order in which it came.
    public struct Stream: Hashable, Sendable {
        /// The stream's name.
        public var name: String
        /// What it brings; empty where everything that it brought is gone.
        public var topics: [SubscriptionTopic]

        /// The stream `name`.
        public init(name: String, topics: [SubscriptionTopic]) {
            self.name = name
            self.topics = topics
        }
    }

    /// What fits on one socket.
    public struct Limits: Hashable, Sendable {
        /// Subscriptions, at most.
        public var topicCountMax: Int
        /// Bytes of the upgrade's URL, at most.
        public var urlBytesMax: Int
        /// Bytes of a URL without subscriptions, with allowances for token and position.
        public var urlBaseBytes: Int

        /// Limits of the given numbers.
        public init(topicCountMax: Int, urlBytesMax: Int, urlBaseBytes: Int) {
            self.topicCountMax = topicCountMax
            self.urlBytesMax = urlBytesMax
            self.urlBaseBytes = urlBaseBytes
        }
    }

    /// The streams, in the order in which they came.
    public private(set) var streams: [Stream]
    /// When the list of resources began that the streams come from, on the wall clock, in milliseconds since 1970: what came to be since then is
    /// not among them. Nil: nothing was listed.
    public var listedAtMilliseconds: Int64?

    /// A plan of the given streams.
    public init(streams: [Stream] = [], listedAtMilliseconds: Int64? = nil) {
        self.streams = streams
        self.listedAtMilliseconds = listedAtMilliseconds
    }

    /// Wants `topics` from now on: what is assigned stays where it is, what is not wanted any more goes, what is new goes to the first
    /// stream with room, else to a new one. Returns what fits on no socket.
    ///
    /// - Parameter urlBytes: what a subscription adds to a URL.
    public mutating func want(
        _ topics: [SubscriptionTopic],
        limits: Limits,
        urlBytes: (SubscriptionTopic) -> Int
    ) -> [SubscriptionTopic] {
        let wanted = Set(topics)
        for index in self.streams.indices { self.streams[index].topics.removeAll { !wanted.contains($0) } }
        let assigned = Set(self.streams.flatMap(\.topics))
        var bytes = self.streams.map { $0.topics.reduce(limits.urlBaseBytes) { $0 + urlBytes($1) } }
        var unplaceable: [SubscriptionTopic] = []
        var first = 0
        for topic in topics where !assigned.contains(topic) {
            let cost = urlBytes(topic)
            guard limits.urlBaseBytes + cost <= limits.urlBytesMax, limits.topicCountMax > 0 else {
                unplaceable.append(topic)
                continue
            }
            let hasRoom = { (index: Int) in
                self.streams[index].topics.count < limits.topicCountMax && bytes[index] + cost <= limits.urlBytesMax
            }
            // A stream without any room is not looked at again.
            while first < self.streams.count, self.streams[first].topics.count >= limits.topicCountMax { first += 1 }
            let index = (first..<self.streams.count).first(where: hasRoom)
            if let index {
                self.streams[index].topics.append(topic)
                bytes[index] += cost
            } else {
                self.streams.append(Stream(name: self.nextName, topics: [topic]))
                bytes.append(limits.urlBaseBytes + cost)
            }
        }
        return unplaceable
    }

    /// Streams are numbered; a name is never given twice.
    private var nextName: String {
        "\((self.streams.compactMap { Int($0.name) }.max() ?? -1) + 1)"
    }
}
