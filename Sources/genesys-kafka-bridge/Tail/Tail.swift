import BridgeCore
import BridgeRuntime
import GenesysCloud
import Logging
import NIOCore
import WebSocketClient

/// What both dialects need to show an organization's events without a Kafka.
struct Tail: Sendable {
    /// The tenant's name in logs.
    static let tenant = "tail"

    var endpoints: TenantEndpoints
    var credentials: TenantCredentials
    var configuration: BridgeConfiguration
    var eventLoopGroup: any EventLoopGroup
    var clock: any BridgeClock
    var logger: Logger

    /// What is true where nobody says otherwise, as the configuration file has it.
    static func defaults() throws -> BridgeConfiguration {
        let text = """
            kafka: { properties: { bootstrap.servers: "unused:9092" } }
            delivery: { checkpoints: { directory: unused } }
            tenants:
              - name: \(Self.tenant)
                region: mypurecloud.com
                protocol: stream
                credentials: { clientId: unused, clientSecret: unused }
                subscriptions: [ { event: unused, allowUnfiltered: true } ]
            """
        return try ConfigurationLoader().decode(Array(text.utf8), file: "the defaults").configuration
    }

    /// Prints the events of a stream's subscriptions until `stopRequested` returns.
    func stream(
        _ subscriptions: [SubscriptionTopic],
        printer: TailPrinter,
        until stopRequested: @escaping @Sendable () async -> Void
    ) async {
        let tenant = self.tenant(subscriptions)
        let others = [TopicTemplate.deadLetters, TopicTemplate.gaps].map {
            $0.kafkaTopic(tenant: tenant.name, family: "")
        }
        let producer = PrintingProducer(printer: printer, otherTopics: Set(others))
        let assembly = TenantAssembly(
            configuration: self.configuration,
            inFlightBytes: self.configuration.delivery.inFlight.bytes,
            deadLetterBytesMax: Self.deadLetterBytesMax,
            connector: self.connector,
            gates: HostGates(policy: StreamSettingsMap.gate(self.configuration.connection), clock: self.clock),
            producer: { _ in producer },
            store: NoCheckpoints(),
            clock: self.clock,
            logger: self.logger,
            crashPoint: { _ in },
            spoolCrashPoint: { _ in }
        )
        let parts = assembly.parts(tenant)
        await withDiscardingTaskGroup { group in
            group.addTask { await parts.tokens.run() }
            group.addTask { await parts.rest.run() }
            group.addTask {
                await stopRequested()
                parts.pipeline.stop()
            }
            await parts.pipeline.run()
            group.cancelAll()
        }
    }

    /// Prints the events of channel topics until `stopRequested` returns.
    /// - Throws: `CommandFailure` where there is nothing to subscribe to, or more than a channel takes.
    func channels(
        _ rules: [ChannelTopicRule],
        policy: ChannelPolicy = ChannelPolicy(),
        printer: TailPrinter,
        until stopRequested: @escaping @Sendable () async -> Void
    ) async throws {
        let tenant = self.tenant([])
        let redaction = PrivacyMap.redaction(tenant.privacy, dialect: .channels)
        let connection = self.configuration.connection
        let tokenClock = TokenClock(
            now: { [clock] in clock.now },
            secondsSince1970: { [clock] in clock.wallMilliseconds / 1000 },
            random: { Double.random(in: 0..<1) }
        )
        let tokens = TokenService(
            settings: SourceSettings.tokens(tenant, connection: connection),
            clock: tokenClock,
            logger: self.logger
        )
        let rest = RESTClient(
            settings: SourceSettings.rest(tenant, connection: connection),
            clock: tokenClock,
            logger: self.logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await tokens.run() }
            group.addTask { await rest.run() }
            defer { group.cancelAll() }
            let topics = try await self.topics(of: rules, tokens: tokens, rest: rest)
            let session = self.session(
                topics,
                policy: policy,
                redaction: redaction,
                tokens: tokens,
                rest: rest,
                printer: printer
            )
            group.addTask {
                await stopRequested()
                await session.stop()
            }
            await session.run()
        }
    }

    private func session(
        _ topics: [String],
        policy: ChannelPolicy,
        redaction: Redaction?,
        tokens: TokenService,
        rest: RESTClient,
        printer: TailPrinter
    ) -> ChannelSession {
        let stream = StreamID(tenant: Self.tenant, stream: "0")
        let clock = self.clock
        let source = WebSocketChannelSource(
            connector: self.connector,
            settings: ChannelSettings(),
            redaction: redaction,
            counters: StreamCounters(),
            ids: EventIDSequence(startedAtMilliseconds: clock.wallMilliseconds, random: UInt64.random(in: 0 ... .max)),
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            logger: self.logger
        )
        return ChannelSession(
            machine: ChannelMachine(policy: policy, topics: topics, lastCaughtUp: nil),
            parts: .init(
                stream: stream,
                source: source,
                service: PlatformChannels(client: rest, redaction: redaction),
                tokens: tokens,
                gate: HostGate(policy: StreamSettingsMap.gate(self.configuration.connection), clock: clock),
                places: ChannelPlaceLine(count: 1),
                sink: PrintingSink(printer: printer),
                clock: clock,
                telemetry: StreamTelemetry(stream: stream),
                label: PrivacyMap.topicLabel(redaction),
                logger: self.logger
            )
        )
    }

    private func topics(
        of rules: [ChannelTopicRule],
        tokens: TokenService,
        rest: RESTClient
    ) async throws -> [String] {
        let directory = PlatformDirectory(client: rest, logger: self.logger)
        var found: [ResourceQuery: [String]] = [:]
        for query in rules.compactMap(\.query) where found[query] == nil {
            let token = try await tokens.token(newerThan: nil)
            do throws(DirectoryFailure) {
                found[query] = try await directory.resourceIDs(matching: query, token: token)
            } catch {
                throw CommandFailure(.unavailable, "the \(query.label) cannot be listed: \(error.reason)")
            }
        }
        let topics = ChannelTopicRule.topics(of: rules, found: found)
        guard !topics.isEmpty else {
            throw CommandFailure(.unavailable, "the organization has none of the resources that --topic asks for")
        }
        let limits = ChannelPlan.Limits()
        guard topics.count <= limits.topicCountMax else {
            throw CommandFailure(
                .usage,
                "\(topics.count) topics, and a channel takes \(limits.topicCountMax): narrow them with --named"
            )
        }
        self.logger.info("subscribing", metadata: ["topics": "\(topics.count)"])
        return topics
    }

    private static let deadLetterBytesMax = 512 * 1024

    private var connector: WebSocketConnector {
        WebSocketConnector(
            eventLoopGroup: self.eventLoopGroup,
            configuration: SourceSettings.webSocket(
                self.configuration.connection,
                deadLetterBytesMax: Self.deadLetterBytesMax
            ),
            logger: self.logger
        )
    }

    private func tenant(_ subscriptions: [SubscriptionTopic]) -> TenantConfiguration {
        var tenant = self.configuration.tenants[0]
        let style = tenant.subscriptions[0].records
        tenant.endpoints = self.endpoints
        tenant.credentials = self.credentials
        // Whoever looks on waits no longer than this.
        tenant.maxLatency = .milliseconds(500)
        tenant.subscriptions = subscriptions.map { topic in
            SubscriptionConfiguration(
                event: topic.event,
                resourceID: topic.resourceID,
                filters: [],
                allowUnfiltered: topic.allowUnfiltered,
                records: style
            )
        }
        return tenant
    }
}
