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
            group.addTask { await parts.upstream.run() }
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
        var tenant = self.tenant([])
        tenant.streamProtocol = .channels
        let upstream = TenantUpstream(
            tenant,
            self.configuration.connection,
            clock: self.clock,
            logger: self.logger
        )
        let (sessions, made) = AsyncStream.makeStream(of: ChannelSession.self)
        // True: it is over.
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                await upstream.run()
                return false
            }
            group.addTask {
                let topics = try await self.topics(of: rules, upstream)
                let session = self.session(topics, upstream, policy: policy, printer: printer)
                made.yield(session)
                await session.run()
                return true
            }
            group.addTask {
                await stopRequested()
                made.finish()
                for await session in sessions {
                    await session.stop()
                    return false
                }
                // There is none yet, and without a token there may never be one.
                return true
            }
            defer { group.cancelAll() }
            while let isOver = try await group.next(), !isOver {}
        }
    }

    private func session(
        _ topics: [String],
        _ upstream: TenantUpstream,
        policy: ChannelPolicy,
        printer: TailPrinter
    ) -> ChannelSession {
        let stream = StreamID(tenant: Self.tenant, stream: "0")
        let clock = self.clock
        return ChannelSession(
            machine: ChannelMachine(policy: policy, topics: topics, lastCaughtUp: nil),
            parts: .init(
                stream: stream,
                source: upstream.channelSource(
                    ChannelSettings(),
                    connector: self.connector,
                    clock: clock
                ),
                service: PlatformChannels(client: upstream.rest, redaction: upstream.redaction),
                tokens: upstream.tokens,
                gate: HostGate(policy: StreamSettingsMap.gate(self.configuration.connection), clock: clock),
                places: ChannelPlaceLine(count: 1),
                sink: PrintingSink(printer: printer),
                clock: clock,
                telemetry: StreamTelemetry(stream: stream),
                label: PrivacyMap.topicLabel(upstream.redaction),
                logger: self.logger
            )
        )
    }

    private func topics(
        of rules: [ChannelTopicRule],
        _ upstream: TenantUpstream
    ) async throws -> [String] {
        let directory = PlatformDirectory(client: upstream.rest, logger: self.logger)
        var found: [ResourceQuery: [String]] = [:]
        for query in rules.compactMap(\.query) where found[query] == nil {
            let token = try await upstream.tokens.token(newerThan: nil)
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
