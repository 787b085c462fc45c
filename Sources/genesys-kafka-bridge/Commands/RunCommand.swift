import ArgumentParser
import BridgeCore
import BridgeOperations
import BridgeRuntime
import Locking
import Logging
import NIOPosix

/// `run`: the bridge.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the bridge until SIGTERM or SIGINT.",
        discussion: """
            The first signal stops reading, drains what is in flight within delivery.drainTimeout, commits and exits with 0. \
            A second one ends the process at once; nothing is lost by that either: what was not committed is sent again by the source, \
            or read again from the spool.
            """
    )

    @Option(help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
    var config: String

    @Option(
        help: ArgumentHelp("Run the tenant partitions of one of N instances, counted from 0.", valueName: "I/N"),
        transform: ShareArgument.parse
    )
    var share: Share = .whole

    @Option(help: .hidden)
    var crashAt: String?

    func run() async throws {
        let loaded = try ConfigurationLoader().load(self.config, share: self.share)
        let configuration = loaded.configuration
        try LibraryCheck.run(configuration, file: self.config)
        let logger = configuration.log.makeLogger(label: "genesys-kafka-bridge")
        for warning in loaded.warnings { logger.warning("\(warning.line(file: self.config))") }
        let crash = try self.crashAt.map { (text) throws(CommandFailure) in try CrashAt(text) }
        let bridge = try await Bridge(
            configuration,
            share: self.share,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: logger,
            crashPoint: { crash?.passed($0) },
            spoolCrashPoint: { crash?.passed($0) }
        )
        if bridge.tenants.isEmpty { logger.warning("share \(self.share) has no tenant: there is nothing to do") }
        let topics = PlannedTopic.all(of: configuration.tenants(ownedBy: self.share), in: configuration)
        let signals = await StopSignals()
        logger.notice(
            "starting",
            metadata: [
                "version": "\(BridgeVersion.current)", "share": "\(self.share)", "tenants": "\(bridge.tenants.count)",
            ]
        )
        _ = try await signals.during { firstSignal in
            try await Self.run(bridge, admin: configuration.admin.listen, logger: logger) {
                try await TopicCheck.run(topics, kafka: configuration.kafka, logger: logger)
            } until: {
                await firstSignal()
            }
        }
    }

    /// How long the bridge waits for the topics to be looked at. Of channels every second without a socket is a gap, and of a Kafka that is
    /// away the socket does not need to know.
    private static let checkPatience = Duration.seconds(1)

    /// The bridge, and beside it the admin server, whose failure to listen ends both, as a topic that is missing for ever does.
    private static func run(
        _ bridge: Bridge,
        admin: ListenAddress?,
        logger: Logger,
        after check: @escaping @Sendable () async throws -> Void,
        until firstSignal: @escaping @Sendable () async -> Void
    ) async throws -> Bridge.Outcome {
        try await withThrowingTaskGroup(of: Bridge.Outcome?.self) { group in
            let checked = Wakeup()
            group.addTask {
                try await check()
                checked.signal()
                return nil
            }
            group.addTask {
                let clock = bridge.clock
                await checked.wait(orFor: { try await clock.sleep(until: clock.now.advanced(by: Self.checkPatience)) })
                guard !Task.isCancelled else { return nil }
                return await bridge.run(until: firstSignal)
            }
            if let admin {
                let server = AdminServer(host: admin.host, port: admin.port, logger: logger) {
                    BridgeHealth.report(bridge)
                }
                group.addTask {
                    try await server.run { logger.info("admin server listens on \(admin.host):\($0)") }
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let outcome = ended { return outcome }
            }
            return .drained
        }
    }
}
