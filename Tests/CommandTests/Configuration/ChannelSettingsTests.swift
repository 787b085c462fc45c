import BridgeCore
import BridgeRuntime
import GenesysCloud
import Testing

@testable import genesys_kafka_bridge

/// `channels`: every time and limit is a setting with a safe default and a checked range [C11].
@Suite("Settings of channels")
struct ChannelSettingsTests {
    private static func channels(_ section: String) throws -> ChannelsConfiguration {
        try Fixture.load(ChannelFixture.yaml(head: ["channels: { \(section) }"])).configuration.channels
    }

    private static func errors(_ section: String) -> [String] {
        ChannelFixture.errors(ChannelFixture.yaml(head: ["channels: { \(section) }"]))
    }

    @Test("without any of it the parts have the defaults that are safe [C11]")
    func defaults() throws {
        let channels = try Self.channels("")
        #expect(ChannelSettingsMap.policy(channels) == ChannelPolicy())
        #expect(channels.limits == ChannelPlan.Limits() && !channels.combinedTopics)
        #expect(ChannelSettingsMap.source(channels, deadLetterBytesMax: 512 * 1024) == ChannelSettings())
    }

    @Test("what is set reaches the parts [C4, C5, C6, C7, C8, C11]")
    func everyKey() throws {
        let channels = try Self.channels(
            """
            silenceLimit: 40s, pingInterval: 20s, pongTimeout: 8s, rolloverMargin: 20m, overlap: 7s, overlapMax: 2m, redials: 1,
              redial: { base: 2s, cap: 6s, jitter: above }, backoff: { base: 3s, cap: 30s, jitter: full },
              eviction: { base: 20s, cap: 10m, jitter: full }, evictionsPerHour: 7, refusedInterval: 10m,
              revalidateInterval: 4m, healthyAfter: 45s, redundancy: true, pongMeansLive: true,
              combinedTopics: true, topicsPerChannel: 900, channelsPerClient: 15, reservedChannels: 3, maxEventsPerBatch: 50,
              maxBatchBytes: 2MiB, callTimeout: 30s
            """
        )
        #expect(
            ChannelSettingsMap.policy(channels)
                == ChannelPolicy(
                    silenceLimit: .seconds(40),
                    pingInterval: .seconds(20),
                    pongTimeout: .seconds(8),
                    rolloverMargin: .seconds(1200),
                    overlap: .seconds(7),
                    overlapMax: .seconds(120),
                    redial: .init(base: .seconds(2), cap: .seconds(6), jitter: .above),
                    redialsMax: 1,
                    backoff: .init(base: .seconds(3), cap: .seconds(30), jitter: .full),
                    eviction: .init(base: .seconds(20), cap: .seconds(600), jitter: .full),
                    evictionsPerHourMax: 7,
                    refusedInterval: .seconds(600),
                    revalidateInterval: .seconds(240),
                    healthyAfter: .seconds(45),
                    isRedundant: true,
                    pongMeansLive: true
                )
        )
        #expect(channels.combinedTopics)
        #expect(
            channels.limits
                == ChannelPlan.Limits(topicCountMax: 900, channelCountMax: 15, reserve: 3, isRedundant: true)
        )
        #expect(
            ChannelSettingsMap.source(channels, deadLetterBytesMax: 5)
                == ChannelSettings(
                    maxEventsPerBatch: 50,
                    maxBatchBytes: 2_097_152,
                    deadLetterBytesMax: 5,
                    callTimeout: .seconds(30)
                )
        )
    }

    @Test(
        "every time and limit has a range [C11]",
        arguments: [
            ("silenceLimit", "9s", "a duration: 10s to 5m"), ("silenceLimit", "301s", "a duration: 10s to 5m"),
            ("pingInterval", "999ms", "a duration: 1s to 1m"), ("pingInterval", "61s", "a duration: 1s to 1m"),
            ("pongTimeout", "999ms", "a duration: 1s to 1m"), ("pongTimeout", "61s", "a duration: 1s to 1m"),
            ("rolloverMargin", "59s", "a duration: 1m to 12h"), ("rolloverMargin", "13h", "a duration: 1m to 12h"),
            ("overlap", "61s", "a duration: 0s to 1m"), ("overlapMax", "11m", "a duration: 1s to 10m"),
            ("redials", "3", "an integer: 0 to 2"), ("redials", "-1", "an integer: 0 to 2"),
            ("evictionsPerHour", "0", "an integer: 1 to 60"), ("evictionsPerHour", "61", "an integer: 1 to 60"),
            ("refusedInterval", "59s", "a duration: 1m to 24h"), ("refusedInterval", "25h", "a duration: 1m to 24h"),
            ("revalidateInterval", "59s", "a duration: 1m to 24h"),
            ("healthyAfter", "0s", "a duration: 1s to 10m"), ("healthyAfter", "11m", "a duration: 1s to 10m"),
            ("topicsPerChannel", "0", "an integer: 1 to 1000"), ("topicsPerChannel", "1001", "an integer: 1 to 1000"),
            ("channelsPerClient", "1", "an integer: 2 to 20"), ("channelsPerClient", "21", "an integer: 2 to 20"),
            ("reservedChannels", "0", "an integer: 1 to 10"), ("reservedChannels", "11", "an integer: 1 to 10"),
            ("maxEventsPerBatch", "0", "an integer: 1 to 10000"),
            ("maxEventsPerBatch", "10001", "an integer: 1 to 10000"),
            ("maxBatchBytes", "15KiB", "a size: 16KiB to 64MiB"), ("maxBatchBytes", "65MiB", "a size: 16KiB to 64MiB"),
            ("callTimeout", "999ms", "a duration: 1s to 10m"), ("callTimeout", "11m", "a duration: 1s to 10m"),
        ]
    )
    func ranges(key: String, value: String, range: String) {
        let column = 15 + key.utf8.count
        #expect(
            Self.errors("\(key): \(value)") == [
                "1:\(column): channels.\(key): \"\(value)\" is out of range; write \(range)"
            ]
        )
    }

    @Test(
        "times that do not go together are refused with both [C11]",
        arguments: [
            (
                "pingInterval: 40s",
                "1:27: channels.pingInterval: pingInterval (40s) must be below silenceLimit (35s); lower pingInterval or "
                    + "raise silenceLimit"
            ),
            (
                "silenceLimit: 15s",
                "1:27: channels.silenceLimit: pingInterval (15s) must be below silenceLimit (15s); lower pingInterval or "
                    + "raise silenceLimit"
            ),
            (
                "overlap: 11s, overlapMax: 10s",
                "1:22: channels.overlap: overlap (11s) is above overlapMax (10s); lower overlap or raise overlapMax"
            ),
            (
                "overlapMax: 4s",
                "1:25: channels.overlapMax: overlap (5s) is above overlapMax (4s); lower overlap or raise overlapMax"
            ),
            (
                "rolloverMargin: 90s",
                "1:29: channels.rolloverMargin: overlapMax (90s) must be below rolloverMargin (90s); a channel would end "
                    + "before it has caught up: lower overlapMax or raise rolloverMargin"
            ),
            (
                "redial: { base: 6s }",
                "1:29: channels.redial.base: base (6s) is above cap (5s); lower base or raise cap"
            ),
            (
                "channelsPerClient: 2",
                "1:32: channels.channelsPerClient: of channelsPerClient (2) reservedChannels (2) are kept free, and topics "
                    + "need one channel; lower reservedChannels or raise channelsPerClient"
            ),
            (
                "channelsPerClient: 4, reservedChannels: 3, redundancy: true",
                "1:53: channels.reservedChannels: of channelsPerClient (4) reservedChannels (3) are kept free, and topics "
                    + "need two channels, because of redundancy; lower reservedChannels or raise channelsPerClient"
            ),
        ]
    )
    func acrossKeys(section: String, expected: String) {
        #expect(Self.errors(section) == [expected])
    }

    @Test("more topics than an OAuth client can have are refused with the arithmetic [C7]")
    func budget() {
        let topics = (0..<7).map { "{ topic: v2.users.\($0)\(ChannelFixture.id).presence }" }
        func errors(_ section: String, _ topics: [String]) -> [String] {
            ChannelFixture.errors(ChannelFixture.yaml(topics, head: ["channels: { \(section) }"]))
        }
        let small = "topicsPerChannel: 2, channelsPerClient: 5, reservedChannels: 2"
        #expect(errors(small, Array(topics.prefix(6))) == [])
        #expect(
            errors(small, topics) == [
                "9:7: tenants[0].subscriptions: 7 topics, 2 on a channel, are 4 channels, and 2 kept for rollovers make 6: "
                    + "there are 5, which is room for 6 topics; name fewer topics, or give the rest to a tenant with an "
                    + "OAuth client of its own"
            ]
        )
        #expect(
            errors("\(small), redundancy: true", Array(topics.prefix(3))) == [
                "9:7: tenants[0].subscriptions: 3 topics, 2 on a channel, are 2 channels, twice for redundancy, 4, and 2 "
                    + "kept for rollovers make 6: there are 5, which is room for 2 topics; name fewer topics, or give the "
                    + "rest to a tenant with an OAuth client of its own"
            ]
        )
        // What a template finds is not known, and a limit that is wrong says nothing.
        #expect(errors(small, [ChannelFixture.conversations] + topics.prefix(6)) == [])
        #expect(errors("topicsPerChannel: 0", topics).count == 1)
    }

    @Test("lists of queues and users, and calls of the API, are bounded as for a stream [C9, C10]")
    func shared() throws {
        let yaml = ChannelFixture.yaml(head: ["connection: { restRequestsPerMinute: 100, syncInterval: 4m }"])
        let configuration = try Fixture.load(yaml).configuration
        let rest = SourceSettings.rest(configuration.tenants[0], connection: configuration.connection)
        #expect(rest.requestsPerMinute == 100 && configuration.connection.syncInterval == .seconds(240))
    }

    @Test("what a tenant holds and how often it commits is as for a stream")
    func delivery() throws {
        let delivery = "delivery: { inFlight: { batches: 9 }, checkpoints: { commitInterval: 2s, commitBatches: 3 } }"
        let configuration = try Fixture.load(ChannelFixture.yaml(head: [delivery])).configuration
        let inFlight = ChannelSettingsMap.inFlight(configuration.delivery, bytes: 7)
        #expect(inFlight == .init(bytes: 7, batches: 9))
        #expect(ChannelSettingsMap.commit(configuration.delivery) == .init(interval: .seconds(2), batches: 3))
    }
}
