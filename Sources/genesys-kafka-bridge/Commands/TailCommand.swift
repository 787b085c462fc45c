import ArgumentParser
import BridgeCore
import BridgeRuntime
import Foundation
import GenesysCloud
import Logging
import NIOPosix

/// `tail`: an organization's events on standard output, for first contact.
struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Connect to an organization and print its events, one a line, without any Kafka.",
        discussion: """
            It begins at the server's present, and keeps nothing: gaps and what cannot be read are told on standard error, \
            with everything else. The client's secret is read from a file, or from the variable \
            \(Self.secretVariable), never from the command line, which everybody on the machine can read. Ends \
            with SIGINT or SIGTERM, after --events, or when nobody reads what it prints any more.

            Topics of the stream dialect: an event's name, or NAME:RESOURCE. Of channels: a topic, or one with {queue} or {user} in the \
            place of an id, which stands for every queue or user. Several of one base can be one, such as \
            'v2.users.{user}?presence&routingStatus': so it can be seen whether the organization has such topics, before \
            channels.combinedTopics is set.
            """
    )

    static let secretVariable = "GENESYS_CLIENT_SECRET"

    enum Dialect: String, CaseIterable, ExpressibleByArgument {
        case stream
        case channels
    }

    @Option(name: .customLong("protocol"), help: "What the organization offers.")
    var dialect: Dialect

    @Option(help: ArgumentHelp("The region's domain, such as mypurecloud.com.", valueName: "domain"))
    var region: String?

    @Option(help: ArgumentHelp("In place of --region: the token service.", valueName: "https://host"))
    var login: String?

    @Option(help: ArgumentHelp("In place of --region: the platform API, and the stream.", valueName: "https://host"))
    var api: String?

    @Option(help: ArgumentHelp("The OAuth client's id.", valueName: "id"))
    var clientID: String

    @Option(help: ArgumentHelp("A file with the OAuth client's secret.", valueName: "file"))
    var clientSecretFile: String?

    @Option(help: ArgumentHelp("What to print. May be given again.", valueName: "topic"))
    var topic: [String] = []

    @Option(help: ArgumentHelp("Only queues or users of such names; * stands for anything.", valueName: "pattern"))
    var named: String?

    @Option(help: ArgumentHelp("End after so many events.", valueName: "count"))
    var events: Int?

    @Option(help: ArgumentHelp("A file with hashKey and rules, as in the configuration's privacy.", valueName: "file"))
    var privacy: String?

    @Option(help: ArgumentHelp("Certificates of further authorities (PEM).", valueName: "file"))
    var caFile: String?

    func validate() throws {
        guard !self.topic.isEmpty else { throw ValidationError("Give at least one --topic.") }
        guard self.events ?? 1 > 0 else { throw ValidationError("--events must be at least 1.") }
        guard (self.region == nil) != (self.login == nil && self.api == nil) else {
            throw ValidationError("Give --region, or --login and --api.")
        }
        guard (self.login == nil) == (self.api == nil) else { throw ValidationError("--login and --api go together.") }
        switch self.dialect {
        case .stream:
            if self.named != nil { throw ValidationError("--named is for topics of channels with {queue} or {user}.") }
        case .channels: _ = try self.rules()
        }
    }

    func run() async throws {
        var configuration = try Tail.defaults()
        configuration.connection.tls.extraCertificateAuthorities = self.caFile
        configuration.log = LogConfiguration(level: .info, format: .text)
        if let file = self.privacy {
            configuration.tenants[0].privacy = try PrivacySettings.load(file, for: try self.families())
        }
        let logger = configuration.log.makeLogger(label: "genesys-kafka-bridge")
        let tail = Tail(
            endpoints: try self.endpoints(),
            credentials: TenantCredentials(clientID: self.clientID, clientSecret: try self.secret()),
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: logger
        )
        let printer = TailPrinter(limit: self.events)
        let signals = await StopSignals()
        let (dialect, rules, subscriptions) = (
            self.dialect, self.dialect == .channels ? try self.rules() : [], self.subscriptions
        )
        try await signals.during { firstSignal in
            let stopped: @Sendable () async -> Void = {
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await firstSignal() }
                    group.addTask { await printer.waitForEnough() }
                    await group.next()
                    group.cancelAll()
                }
            }
            switch dialect {
            case .stream: await tail.stream(subscriptions, printer: printer, until: stopped)
            case .channels: try await tail.channels(rules, printer: printer, until: stopped)
            }
        }
        // A reader that has enough, such as head, is no failure.
        if case .failed(let reason) = printer.failure {
            throw CommandFailure(.outputFailed, "standard output cannot be written: \(reason)")
        }
    }

    /// Whose events are printed.
    private func families() throws -> Set<String> {
        switch self.dialect {
        case .stream: Set(self.subscriptions.map(\.event))
        case .channels: Set(self.topic.flatMap(TopicName.families))
        }
    }

    private func rules() throws -> [ChannelTopicRule] {
        try self.topic.map { topic in
            let rule: ChannelTopicRule
            do {
                rule = try ChannelTopicRule.rule(topic, namePattern: topic.contains("{") ? self.named : nil)
            } catch {
                throw ValidationError("--topic: \(error)")
            }
            let combined = CombinedTopic(rule.filled(with: ChannelSubscription.anyID))
            if let problem = combined.flatMap(CombinedTopicRules.problem)
                ?? ChannelSubscriptionSettings.problem(ofPlaceholderIn: rule)
            {
                throw ValidationError("--topic: '\(topic)' \(problem.problem): \(problem.remedy)")
            }
            return rule
        }
    }

    private var subscriptions: [SubscriptionTopic] {
        self.topic.map { topic in
            let parts = topic.split(separator: ":", maxSplits: 1)
            let resourceID = parts.count > 1 ? String(parts[1]) : nil
            return SubscriptionTopic(
                event: String(parts.first ?? ""),
                resourceID: resourceID,
                filters: [],
                allowUnfiltered: resourceID == nil
            )
        }
    }

    private func endpoints() throws -> TenantEndpoints {
        if let region = self.region {
            let domain = GenesysRegions.domain(ofCloudRegion: region) ?? region.lowercased()
            if let problem = EndpointSettings.problem(ofRegion: domain) {
                let remedy = problem.remedy.isEmpty ? "write a domain such as mypurecloud.com" : problem.remedy
                throw CommandFailure(.usage, "--region '\(region)' \(problem.problem): \(remedy)")
            }
            return TenantEndpoints(region: domain)
        }
        func endpoint(_ name: String, _ text: String?) throws -> Endpoint {
            do throws(ValueProblem) {
                return try Endpoint(text ?? "", schemes: [.https, .http])
            } catch {
                throw CommandFailure(.usage, "--\(name) \(error.problem): \(error.remedy)")
            }
        }
        let (login, api) = (try endpoint("login", self.login), try endpoint("api", self.api))
        let streaming = Endpoint(scheme: api.isSecure ? .wss : .ws, host: api.host, port: api.port)
        return TenantEndpoints(login: login, api: api, streaming: streaming)
    }

    private func secret() throws -> Secret {
        if let file = self.clientSecretFile {
            do {
                let text = try String(contentsOfFile: file, encoding: .utf8)
                return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines))
            } catch {
                throw CommandFailure(.configuration, "--client-secret-file: '\(file)' cannot be read")
            }
        }
        guard let text = ProcessInfo.processInfo.environment[Self.secretVariable], !text.isEmpty else {
            throw CommandFailure(
                .configuration,
                "there is no client secret: give --client-secret-file, or set \(Self.secretVariable)"
            )
        }
        return Secret(text)
    }
}
