import BridgeCore

/// Times and limits of the public API's channels, for all tenants with `protocol: channels` (C11).
struct ChannelsConfiguration: Hashable, Sendable {
    /// A socket without any message for so long is dead.
    var silenceLimit: Duration
    var pingInterval: Duration
    /// A ping without an answer for so long: another channel follows.
    var pongTimeout: Duration
    /// So long before a channel or its token ends the next one is made.
    var rolloverMargin: Duration
    /// Both are read for so long at least.
    var overlap: Duration
    /// The old one is closed after so long although it has not caught up.
    var overlapMax: Duration
    /// Pauses before the same channel is dialled again.
    var redial: BackoffConfiguration
    /// How often that is done.
    var redials: Int
    /// Pauses between attempts at a new channel.
    var backoff: BackoffConfiguration
    /// Pauses after somebody else took a channel.
    var eviction: BackoffConfiguration
    var evictionsPerHour: Int
    /// What the server refused is asked for anew after so long.
    var refusedInterval: Duration
    /// Rejected topics are asked for again after so long.
    var revalidateInterval: Duration
    /// How long a live socket must be up before pauses start small again.
    var healthyAfter: Duration
    /// Two channels with the same topics at all times.
    var redundancy: Bool
    /// Whether the answer to a ping shows that a new socket is live.
    var pongMeansLive: Bool
    /// Whether a subscription may bring several topics of one base.
    var combinedTopics: Bool
    var topicsPerChannel: Int
    /// Of one OAuth client.
    var channelsPerClient: Int
    /// Of those, kept free for rollovers.
    var reservedChannels: Int
    /// What has arrived already is put together up to so many events.
    var maxEventsPerBatch: Int
    var maxBatchBytes: Int
    /// The time for one REST call about a channel.
    var callTimeout: Duration

    /// How many topics go where.
    var limits: ChannelPlan.Limits {
        ChannelPlan.Limits(
            topicCountMax: self.topicsPerChannel,
            channelCountMax: self.channelsPerClient,
            reserve: self.reservedChannels,
            isRedundant: self.redundancy
        )
    }
}
