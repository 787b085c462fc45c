import GenesysSimulator

// Tenants of the public notification service.

extension DemoParts {
    /// For each queue and each user of a tenant.
    static let channelTopics = [
        "v2.routing.queues.{queue}.conversations", "v2.analytics.queues.{queue}.observations",
        "v2.users.{user}.presence", "v2.users.{user}.routingStatus",
    ]
    /// Those of a tenant: a third of the resources are queues, another third users.
    private static let topicCount = 40
    /// Short, so that a rollover comes round within a quarter of a minute.
    private static let channelLifetimeMilliseconds = 20_000
    private static let heartbeatIntervalMilliseconds = 1_000
    /// A warning so long before the end of a channel finds its follower there already.
    private static let closingLeadMilliseconds = 1_000

    /// - Parameter rate: events per second, over all tenants.
    /// - Returns: of each topic. Those of analytics have one a second at the most.
    func ratePerTopic(_ rate: Double) -> Double {
        rate / Double(self.tenants.count * Self.topicCount)
    }

    /// How the simulator plays the service.
    func channels(rate: Double) -> ChannelSettings {
        var result = ChannelSettings()
        result.isServed = self.dialect == .channels
        result.lifetimeMilliseconds = Self.channelLifetimeMilliseconds
        result.heartbeatIntervalMilliseconds = Self.heartbeatIntervalMilliseconds
        result.closingLeadMilliseconds = Self.closingLeadMilliseconds
        result.eventsPerSecondDefault = self.ratePerTopic(rate)
        result.timesAreReal = true
        return result
    }

    /// Times under chaos; the default is behind each.
    static let chaoticChannels = """
        channels:
          silenceLimit: 10s             # 35s
          pingInterval: 1s              # 15s
          pongTimeout: 1s               # 10s
          overlap: 1s                   # 5s
          overlapMax: 5s                # 90s
          redial: { base: 100ms, cap: 1s }    # 1s, 5s
          backoff: { base: 100ms, cap: 1s }   # 1s, 1m
          eviction: { base: 200ms, cap: 1s }  # 10s, 15m
          evictionsPerHour: 60          # 6
          revalidateInterval: 1m        # 5m
          healthyAfter: 1s              # 30s
          callTimeout: 5s               # 1m
        """

    private static let calmChannels = """
        channels:
          overlap: 1s
          healthyAfter: 1s
          redial: { base: 100ms, cap: 1s }
          backoff: { base: 100ms, cap: 1s }
        """

    static func channelSections(directory: String, isChaotic: Bool) -> String {
        """
        \(isChaotic ? Self.chaoticChannels : Self.calmChannels)
        spool: { directory: "\(directory)/spool" }
        """
    }
}
