/// How the simulator plays the public notification service: channels, topics and their socket.
public struct ChannelSettings: Sendable, Equatable {
    /// Serve it at all; without it its paths are not there.
    public var isServed = true
    /// Channels of one OAuth client; one more evicts the least recently used one, unconnected ones first.
    public var channelCountMax = 20
    /// Topics of one channel.
    public var topicCountMax = 1_000
    /// How long a channel lives without a renewal.
    public var lifetimeMilliseconds = 86_400_000
    /// Whether a `PUT` of subscriptions renews it.
    public var renewal = ChannelRenewal.always
    /// A channel, and its socket, ends with the token that it was created with.
    public var endsWithToken = true
    /// How often a socket gets a heartbeat, counted from its begin.
    public var heartbeatIntervalMilliseconds = 30_000
    /// How long before an intended close `v2.system.socket_closing` comes.
    public var closingLeadMilliseconds = 60_000
    /// Whether the end of a channel's life is announced so.
    public var announcesEnd = true
    /// Whether a socket that another one on the same channel displaces is told so, by `v2.system.no_longer_subscribed`.
    public var announcesDisplacement = true
    /// Whether pings of the WebSocket protocol are answered.
    public var answersPings = true
    /// `v2.users.{id}?presence&routingStatus` counts as one subscription.
    public var acceptsCombinedTopics = false
    /// Templates of topics, such as `v2.users.{id}.presence`, that no client is permitted to have.
    public var forbiddenTemplates: Set<String> = []
    /// Events a second of each topic, by its template. Those of analytics make one at the most.
    public var eventsPerSecond: [String: Double] = [:]
    /// For the templates that are not in ``eventsPerSecond``.
    public var eventsPerSecondDefault = 1.0
    /// Topics make events in turn, as fast as the slowest of their sockets takes them, until another rate is ordered. Those of analytics
    /// keep their rate.
    public var isUnlimited = false
    /// Events carry the time at which they came to be. Without it they carry the log's own, and are the same in each run.
    public var timesAreReal = false
    /// A client that has not read so many bytes is reset.
    public var unreadBytesMax = 64 << 20

    /// The defaults.
    public init() {}

    /// - Throws: ``SimulatorError/invalidConfiguration(_:)``, naming the setting.
    func validate() throws {
        func require(_ condition: Bool, _ reason: String) throws {
            if !condition { throw SimulatorError.invalidConfiguration(reason) }
        }
        let day = 1...7 * 86_400_000
        try require((1...1_000).contains(self.channelCountMax), "channels.channelCountMax is not in 1...1000")
        try require((1...100_000).contains(self.topicCountMax), "channels.topicCountMax is not in 1...100000")
        try require(day.contains(self.lifetimeMilliseconds), "channels.lifetimeMilliseconds is not in 1 ms...7 days")
        try require(
            day.contains(self.heartbeatIntervalMilliseconds),
            "channels.heartbeatIntervalMilliseconds is not in 1 ms...7 days"
        )
        try require(
            (0...7 * 86_400_000).contains(self.closingLeadMilliseconds),
            "channels.closingLeadMilliseconds is not in 0...7 days"
        )
        let rates = [self.eventsPerSecondDefault] + self.eventsPerSecond.values
        try require(rates.allSatisfy { (0...100_000).contains($0) }, "channels.eventsPerSecond is not in 0...100000")
        try require(self.unreadBytesMax >= 1 << 10, "channels.unreadBytesMax is below 1 KiB")
        let named = self.forbiddenTemplates.union(self.eventsPerSecond.keys)
        guard !named.isEmpty else { return }
        let known = Set(TopicCatalog.shared.templates.map(\.text))
        for template in named where !known.contains(template) {
            throw SimulatorError.invalidConfiguration("channels: there is no topic \(template)")
        }
    }

    /// How fast a topic makes events.
    func rate(of template: TopicTemplate) -> Double {
        let rate = self.eventsPerSecond[template.text] ?? self.eventsPerSecondDefault
        return template.isSystem ? 0 : template.isAnalytics ? min(1, rate) : rate
    }
}
