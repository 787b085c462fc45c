import BridgeCore

/// `channels`: times and limits of `protocol: channels` (C11).
enum ChannelsSettings {
    static let silenceLimit = Setting(
        "silenceLimit",
        .duration(.seconds(10)...(.seconds(300))),
        default: .seconds(35),
        "a channel's socket without any message for so long is dead; the server has a heartbeat every 30s or so"
    )
    static let pingInterval = Setting(
        "pingInterval",
        .duration(.seconds(1)...(.seconds(60))),
        default: .seconds(15),
        "time from one ping to the next; a gap record begins at most so long, and a round trip, before the loss; below silenceLimit"
    )
    static let pongTimeout = Setting(
        "pongTimeout",
        .duration(.seconds(1)...(.seconds(60))),
        default: .seconds(10),
        "a ping without an answer for so long, where others had one: events may be missing, so another channel follows, with a gap record"
    )
    static let rolloverMargin = Setting(
        "rolloverMargin",
        .duration(.seconds(60)...(.seconds(43_200))),
        default: .seconds(600),
        "so long before a channel or its token ends the next channel is made, or at a quarter of what is left when that is less"
    )
    static let overlap = Setting(
        "overlap",
        .duration(.zero ... .seconds(60)),
        default: .seconds(5),
        "in a rollover both channels are read for so long at least; what both bring is recognised"
    )
    static let overlapMax = Setting(
        "overlapMax",
        .duration(.seconds(1)...(.seconds(600))),
        default: .seconds(90),
        "the old channel is closed after so long although it has not caught up, which is a gap record; at least overlap"
    )
    static let redials = Setting(
        "redials",
        .integer(0...2),
        default: 2,
        "how often a channel whose socket was lost is dialled again before another one is made"
    )
    static let evictionsPerHour = Setting(
        "evictionsPerHour",
        .integer(1...60),
        default: 6,
        "new channels an hour, at most, after somebody else took one: two bridges with one OAuth client would take turns"
    )
    static let refusedInterval = Setting(
        "refusedInterval",
        .duration(.seconds(60)...(.seconds(86_400))),
        default: .seconds(900),
        "what the platform API refused (400, 403) is asked for again after so long"
    )
    static let revalidateInterval = Setting(
        "revalidateInterval",
        .duration(.seconds(60)...(.seconds(86_400))),
        default: .seconds(300),
        "a topic that was rejected is asked for again after so long"
    )
    static let healthyAfter = Setting(
        "healthyAfter",
        .duration(.seconds(1)...(.seconds(600))),
        default: .seconds(30),
        "how long a live socket must be up before pauses start small again"
    )
    static let redundancy = Setting(
        "redundancy",
        .boolean,
        default: false,
        "two channels with the same topics at all times, so that the loss of one loses nothing; what both bring is recognised"
    )
    static let pongMeansLive = Setting(
        "pongMeansLive",
        .boolean,
        default: false,
        "whether the answer to a ping shows that a new channel brings its topics, as its first event or heartbeat does"
    )
    static let combinedTopics = Setting(
        "combinedTopics",
        .boolean,
        default: false,
        "whether a subscription's topic may be v2.users.{user}?presence&routingStatus, which counts as one; not confirmed for channels"
    )
    static let topicsPerChannel = Setting(
        "topicsPerChannel",
        .integer(1...1000),
        default: 1000,
        "topics of one channel; more go on further channels"
    )
    static let channelsPerClient = Setting(
        "channelsPerClient",
        .integer(2...20),
        default: 20,
        "channels that an OAuth client may have; one more takes another one's place"
    )
    static let reservedChannels = Setting(
        "reservedChannels",
        .integer(1...10),
        default: 2,
        "of those, kept free for rollovers"
    )
    static let maxEventsPerBatch = Setting(
        "maxEventsPerBatch",
        .integer(1...10_000),
        default: 100,
        "events of one batch; only what has arrived already is put together"
    )
    static let maxBatchBytes = Setting(
        "maxBatchBytes",
        .size(16_384...67_108_864),
        default: 1_048_576,
        "bytes of one batch; a larger message is a batch of its own"
    )
    static let callTimeout = Setting(
        "callTimeout",
        .duration(.seconds(1)...(.seconds(600))),
        default: .seconds(60),
        "time for one call about a channel, with repetitions and the wait for connection.restRequestsPerMinute"
    )
    private static let redial = BackoffSettings(
        base: .seconds(1),
        cap: .seconds(5),
        jitter: .full,
        purpose: "before a channel is dialled again"
    )
    private static let backoff = BackoffSettings(
        base: .seconds(1),
        cap: .seconds(60),
        jitter: .above,
        purpose: "between attempts at a new channel"
    )
    private static let eviction = BackoffSettings(
        base: .seconds(10),
        cap: .seconds(900),
        jitter: .above,
        purpose: "after somebody else took a channel"
    )

    static let definitions: [SettingDefinition] = [
        silenceLimit.definition, pingInterval.definition, pongTimeout.definition, rolloverMargin.definition,
        overlap.definition, overlapMax.definition, redials.definition,
        .section("redial", redial.definitions), .section("backoff", backoff.definitions),
        .section("eviction", eviction.definitions),
        evictionsPerHour.definition, refusedInterval.definition, revalidateInterval.definition,
        healthyAfter.definition, redundancy.definition, pongMeansLive.definition, combinedTopics.definition,
        topicsPerChannel.definition, channelsPerClient.definition, reservedChannels.definition,
        maxEventsPerBatch.definition,
        maxBatchBytes.definition, callTimeout.definition,
    ]

    static func decode(_ reader: MappingReader) -> ChannelsConfiguration {
        let channels = ChannelsConfiguration(
            silenceLimit: reader.value(Self.silenceLimit),
            pingInterval: reader.value(Self.pingInterval),
            pongTimeout: reader.value(Self.pongTimeout),
            rolloverMargin: reader.value(Self.rolloverMargin),
            overlap: reader.value(Self.overlap),
            overlapMax: reader.value(Self.overlapMax),
            redial: Self.redial.decode(reader.section("redial", Self.redial.definitions)),
            redials: reader.value(Self.redials),
            backoff: Self.backoff.decode(reader.section("backoff", Self.backoff.definitions)),
            eviction: Self.eviction.decode(reader.section("eviction", Self.eviction.definitions)),
            evictionsPerHour: reader.value(Self.evictionsPerHour),
            refusedInterval: reader.value(Self.refusedInterval),
            revalidateInterval: reader.value(Self.revalidateInterval),
            healthyAfter: reader.value(Self.healthyAfter),
            redundancy: reader.value(Self.redundancy),
            pongMeansLive: reader.value(Self.pongMeansLive),
            combinedTopics: reader.value(Self.combinedTopics),
            topicsPerChannel: reader.value(Self.topicsPerChannel),
            channelsPerClient: reader.value(Self.channelsPerClient),
            reservedChannels: reader.value(Self.reservedChannels),
            maxEventsPerBatch: reader.value(Self.maxEventsPerBatch),
            maxBatchBytes: reader.value(Self.maxBatchBytes),
            callTimeout: reader.value(Self.callTimeout)
        )
        Self.checkTimes(channels, reader)
        Self.checkBudget(channels, reader)
        return channels
    }

    /// Whether combined topics are taken. Where the word for it could not be read, what it was meant to say is not known.
    static func mayHaveCombinedTopics(_ channels: ChannelsConfiguration, _ context: DecodingContext) -> Bool {
        channels.combinedTopics || context.hasIssue(at: "channels.combinedTopics")
    }

    /// Whether what limits the topics could not be read as it was meant.
    static func hasIssueOfBudget(_ context: DecodingContext) -> Bool {
        context.hasIssue(
            at: "channels.topicsPerChannel",
            "channels.channelsPerClient",
            "channels.reservedChannels",
            "channels.redundancy"
        )
    }

    private static func checkTimes(_ channels: ChannelsConfiguration, _ reader: MappingReader) {
        Self.check(
            channels.pingInterval < channels.silenceLimit,
            (Self.pingInterval, channels.pingInterval),
            "must be below",
            (Self.silenceLimit, channels.silenceLimit),
            reader,
            "lower pingInterval or raise silenceLimit"
        )
        Self.check(
            channels.overlap <= channels.overlapMax,
            (Self.overlap, channels.overlap),
            "is above",
            (Self.overlapMax, channels.overlapMax),
            reader,
            "lower overlap or raise overlapMax"
        )
        Self.check(
            channels.overlapMax < channels.rolloverMargin,
            (Self.overlapMax, channels.overlapMax),
            "must be below",
            (Self.rolloverMargin, channels.rolloverMargin),
            reader,
            "a channel would end before it has caught up: lower overlapMax or raise rolloverMargin"
        )
    }

    /// Reports, at the one of two settings that is written, that they do not go together.
    private static func check(
        _ isRight: Bool,
        _ first: (setting: Setting<Duration>, value: Duration),
        _ relation: String,
        _ second: (setting: Setting<Duration>, value: Duration),
        _ reader: MappingReader,
        _ remedy: String
    ) {
        let (key, other) = (first.setting.key, second.setting.key)
        guard !isRight, !reader.context.hasIssue(at: reader.keyPath(key), reader.keyPath(other)) else { return }
        reader.report(
            reader.has(key) ? key : other,
            "\(key) (\(DurationText.format(first.value))) \(relation) \(other) (\(DurationText.format(second.value)))",
            remedy
        )
    }

    /// Somewhere the topics must be.
    private static func checkBudget(_ channels: ChannelsConfiguration, _ reader: MappingReader) {
        let limits = channels.limits
        guard limits.setCountMax == 0, !Self.hasIssueOfBudget(reader.context) else { return }
        let copies = channels.redundancy ? "two channels, because of redundancy" : "one channel"
        reader.report(
            reader.has(Self.reservedChannels.key) ? Self.reservedChannels.key : Self.channelsPerClient.key,
            "of channelsPerClient (\(channels.channelsPerClient)) reservedChannels (\(channels.reservedChannels)) are kept free, "
                + "and topics need \(copies)",
            "lower reservedChannels or raise channelsPerClient"
        )
    }
}
