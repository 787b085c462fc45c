import ArgumentParser
import GenesysSimulator

/// The options of `simulate` that are about the public notification service.
struct SimulatedChannelOptions: ParsableArguments {
    /// What each fault takes besides its name.
    static let faults = """
          Open sockets of channels; of one of them with "one":true, of that of a channel with "channel":ID:
            channelClosed      code 1000
            socketClosing      durationMilliseconds (from warning to close),
                               warns true
            channelSilent      durationMilliseconds
            hugeMessage        bytes
            channelReset, tokenRevoked, channelDeleted, channelEvicted,
            subscriptionResult, unknownSystemEvent, malformedMessage,
            binaryMessage
          The next calls and connections of channels, count 1:
            subscriptionRejected
                               topic (the last of the call)
            connectRefused     status 503
            connectHang        durationMilliseconds
            restRateLimited    retryAfterSeconds
        """

    @Option(name: .customLong("protocol"), help: "What to serve: 'stream', 'channels', or 'both'.")
    var dialect = "both"

    @Option(
        help: ArgumentHelp(
            "Events per second and topic of a channel, or 'unlimited': as fast as the slowest socket takes them.",
            valueName: "events"
        )
    )
    var topicRate = "1"

    @Option(help: "Channels of one tenant; one more evicts another one.")
    var channelsPerClient = 20

    @Option(help: "Topics of one channel.")
    var topicsPerChannel = 1_000

    @Option(help: "The lifetime of a channel, in seconds, which may have a fraction.")
    var channelLifetimeSeconds: Double = 86_400

    @Option(help: "Whether a PUT of subscriptions renews a channel: 'always', 'whenTopicsChange' or 'never'.")
    var channelRenewal = ChannelRenewal.always.rawValue

    @Option(help: "The seconds between two heartbeats of a channel's socket.")
    var heartbeatIntervalSeconds: Double = 30

    @Option(help: "How many seconds before an intended close of a channel's socket it is announced.")
    var socketClosingLeadSeconds: Double = 60

    @Flag(help: "Let channels outlive the tokens that they were created with.")
    var channelsOutliveTokens = false

    @Flag(help: "Accept topics such as v2.users.ID?presence&routingStatus as one subscription.")
    var combinedTopics = false

    @Flag(
        help:
            "Let events of channels carry the time at which they were made, so that 'verify' can compare it with gap records."
    )
    var realTimes = false

    func apply(to configuration: inout SimulatorConfiguration) throws {
        guard ["stream", "channels", "both"].contains(self.dialect) else {
            throw CommandFailure(.usage, "--protocol is 'stream', 'channels' or 'both'")
        }
        guard let renewal = ChannelRenewal(rawValue: self.channelRenewal) else {
            throw CommandFailure(.usage, "--channel-renewal is 'always', 'whenTopicsChange' or 'never'")
        }
        configuration.servesStream = self.dialect != "channels"
        configuration.channels.isServed = self.dialect != "stream"
        configuration.channels.renewal = renewal
        if self.topicRate == "unlimited" {
            configuration.channels.isUnlimited = true
        } else if let rate = Double(self.topicRate) {
            configuration.channels.eventsPerSecondDefault = rate
        } else {
            throw CommandFailure(.usage, "--topic-rate '\(self.topicRate)' is neither a number nor 'unlimited'")
        }
        configuration.channels.channelCountMax = self.channelsPerClient
        configuration.channels.topicCountMax = self.topicsPerChannel
        configuration.channels.lifetimeMilliseconds = Self.milliseconds(self.channelLifetimeSeconds)
        configuration.channels.heartbeatIntervalMilliseconds = Self.milliseconds(self.heartbeatIntervalSeconds)
        configuration.channels.closingLeadMilliseconds = Self.milliseconds(self.socketClosingLeadSeconds)
        configuration.channels.endsWithToken = !self.channelsOutliveTokens
        configuration.channels.acceptsCombinedTopics = self.combinedTopics
        configuration.channels.timesAreReal = self.realTimes
    }

    /// What is out of every range stays so, and is refused with the other settings.
    private static func milliseconds(_ seconds: Double) -> Int {
        (0...1e9).contains(seconds) ? Int(seconds * 1_000) : -1
    }
}
