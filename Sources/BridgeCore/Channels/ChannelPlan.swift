/// Which channel of a tenant brings which topic (C7). Stable: a new topic moves no other one, and one that goes leaves the others where they
/// are.
public struct ChannelPlan: Hashable, Sendable {
    /// One topic set.
    public struct Channel: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What it brings, in the order in which it came.
        public var topics: [String]

        /// The channel `name`.
        public init(name: String, topics: [String]) {
            self.name = name
            self.topics = topics
        }
    }

    /// What an application may have.
    public struct Limits: Hashable, Sendable {
        /// Topics of one channel, at most. 1 … 1,000.
        public var topicCountMax: Int
        /// Channels, at most. 2 … 20.
        public var channelCountMax: Int
        /// Channels that are kept free for rollovers. 1 … 10.
        public var reserve: Int
        /// Whether each topic set has two channels (C8).
        public var isRedundant: Bool

        /// Limits; the defaults are the platform's.
        public init(
            topicCountMax: Int = 1000,
            channelCountMax: Int = 20,
            reserve: Int = 2,
            isRedundant: Bool = false
        ) {
            self.topicCountMax = max(topicCountMax, 1)
            self.channelCountMax = channelCountMax
            self.reserve = max(reserve, 0)
            self.isRedundant = isRedundant
        }

        /// Topic sets, at most.
        public var setCountMax: Int {
            max(self.channelCountMax - self.reserve, 0) / (self.isRedundant ? 2 : 1)
        }
    }

    /// More topics than the channels hold.
    public struct OverBudget: Error, Hashable, Sendable, CustomStringConvertible {
        /// Different topics that are wanted.
        public var topicCount: Int
        /// What there is for them.
        public var limits: Limits

        /// The arithmetic.
        public var description: String {
            let limits = self.limits
            let copies = limits.isRedundant ? 2 : 1
            let sets = (self.topicCount + limits.topicCountMax - 1) / limits.topicCountMax
            return "\(self.topicCount) topics, \(limits.topicCountMax) on a channel, are \(sets) channels"
                + (limits.isRedundant ? ", twice for redundancy, \(sets * copies)" : "")
                + ", and \(limits.reserve) kept for rollovers make \(sets * copies + limits.reserve): "
                + "there are \(limits.channelCountMax), which is room for \(limits.setCountMax * limits.topicCountMax) topics"
        }
    }

    /// The channels, in the order in which they came. One whose topics are all gone stays, without any: its spool may hold events yet.
    public private(set) var channels: [Channel]

    /// A plan of the given channels.
    public init(channels: [Channel] = []) {
        self.channels = channels
    }

    /// Names are numbers, and none is given twice.
    private var nextName: String { "\((self.channels.compactMap { Int($0.name) }.max() ?? -1) + 1)" }

    /// Wants `topics` from now on. What fits nowhere is refused, all of it: the plan stays as it was.
    public mutating func want(_ topics: [String], limits: Limits) throws(OverBudget) {
        let wanted = Set(topics)
        guard wanted.count <= limits.setCountMax * limits.topicCountMax else {
            throw OverBudget(topicCount: wanted.count, limits: limits)
        }
        var plan = self
        var assigned: Set<String> = []
        for index in plan.channels.indices {
            plan.channels[index].topics.removeAll { !wanted.contains($0) || !assigned.insert($0).inserted }
        }
        // Those that have topics first: one that is empty needs no channel.
        var open = plan.channels.indices.sorted { one, other in
            (plan.channels[one].topics.isEmpty ? 1 : 0, one) < (plan.channels[other].topics.isEmpty ? 1 : 0, other)
        }[...]
        for topic in topics where assigned.insert(topic).inserted {
            while let index = open.first, plan.channels[index].topics.count >= limits.topicCountMax {
                open.removeFirst()
            }
            if let index = open.first {
                plan.channels[index].topics.append(topic)
            } else {
                open.append(plan.channels.count)
                plan.channels.append(Channel(name: plan.nextName, topics: [topic]))
            }
        }
        // Fewer to a channel, or fewer channels, than when the plan was made: what is there cannot stay where it is.
        guard plan.channels.count(where: { !$0.topics.isEmpty }) <= limits.setCountMax,
            plan.channels.allSatisfy({ $0.topics.count <= limits.topicCountMax })
        else { throw OverBudget(topicCount: wanted.count, limits: limits) }
        self = plan
    }
}
