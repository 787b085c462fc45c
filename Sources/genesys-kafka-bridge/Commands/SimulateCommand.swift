import ArgumentParser
import Foundation
import GenesysSimulator
import Logging
import NIOPosix

/// `simulate`: Genesys Cloud as a server on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract:
            "Play Genesys Cloud: token endpoint, notification stream, channels and lists, with faults on order.",
        discussion: """
            The first line on standard output says where it listens. Events carry dense sequence numbers, and a stream that \
            resumes is replayed from its position, so that an audit can tell what was lost. Faults come by themselves with \
            --chaos, or on request. GET /simulator/tenants says what is true: what each tenant is owed, which faults took \
            effect, what the client did that it must not, when it tried and for how long it had no stream.

            POST /simulator/faults {"fault":NAME,"tenant":NAME,…}; all tenants without one. \
            Names, and what they take besides:
            \(Self.faults)
            \(SimulatedChannelOptions.faults)

            Further orders, each with "tenant":NAME:
              POST /simulator/resources {"action":"create","resourceId":ID,
                "event":NAME,"name":TEXT}; also delete, forbid, allow, with
                "closesStreams":true to close the streams that subscribe it
              POST /simulator/preflight {"mode":MODE}: correct, missing, lying,
                serverError, hanging
              POST /simulator/scope {"granted":true}
              POST /simulator/rate {"eventsPerSecond":NUMBER}
              POST /simulator/stop

            GET /simulator/channels says what is true of the channels: of each topic, which events came to be, which of \
            them went to a socket and which did not. \
            POST /simulator/channels/rate {"eventsPerSecond":NUMBER,"template":TOPIC} \
            sets how fast topics make events, POST /simulator/channels/times {"tenant":NAME,"topic":TOPIC,\
            "sequences":[NUMBER,…]} says when events came to be.
            """
    )

    /// What each fault takes besides its name.
    private static let faults = """
          Open streams:
            tokenExpired, goingAway, reset
            drain              code 1001, intervalMilliseconds 1000
            rateLimited        code 4429, retryAfterSeconds,
                               blockMilliseconds
            idleTimeout        durationMilliseconds 60000
            stall              durationMilliseconds
            halfOpen           reads true
            slowWrite          bytes 1, intervalMilliseconds 1,
                               durationMilliseconds
            slowRead           bytes 1, intervalMilliseconds 100,
                               durationMilliseconds
            serverPing         count 100, bytes 125
            resourceDeleted, resourceForbidden
                               resourceId, closesStreams false
          The next messages of open streams, count 1:
            fragmentation      seed
            invalidJSON, invalidUTF8, duplicateBatch
            oversizedMessage   bytes
            poison             count 2, bytes, damage invalidJSON
                               (invalidUTF8, oversizedMessage):
                               unreadable count times at one position
            unsubscribedEvent, eventWithoutName, eventWithoutResource,
            eventWithoutIdentifier
          The next upgrades, count 1:
            rejectUpgrade      status 503
            upgradeHang        durationMilliseconds
            rateLimitedUpgrade retryAfterSeconds, blockMilliseconds
            positionLost       form gone (badRequest, close)
            scopeRemoved, invalidSubscription, inclusiveReplay
          The next requests, count 1:
            tokenRefused       status 401
            tokenServerError, restServerError
                               status 503
            tokenHang, restHang
                               durationMilliseconds
        """

    @OptionGroup var channels: SimulatedChannelOptions

    @OptionGroup(visibility: .hidden) var child: ChildOptions

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 lets the kernel choose.")
    var port = 0

    @Option(
        name: .customLong("tenant"),
        help: ArgumentHelp("A tenant and its credentials; may be repeated.", valueName: "name:clientId:clientSecret")
    )
    var tenants: [String] = ["acme:acme-client:acme-secret"]

    @Option(help: ArgumentHelp("Events per second and tenant, or 'unlimited'.", valueName: "events"))
    var rate = "100"

    @Option(help: "The size of each event in bytes.")
    var eventBytes = 611

    @Option(help: ArgumentHelp("Make every so many-th event a large one.", valueName: "events"))
    var largeEventInterval: Int?

    @Option(help: "The size of a large event in bytes.")
    var largeEventBytes = 2_000_000

    @Option(help: "How many resources (and so Kafka keys) a tenant has.")
    var resources = 30

    @Option(help: "Events, tokens and faults follow from it.")
    var seed: UInt64 = 1

    @Option(help: "The lifetime of a token, in seconds, which may have a fraction.")
    var tokenLifetimeSeconds: Double = 86_399

    @Option(help: "What a handshake with an invalid subscription gets: 'close' (code 400) or 'http' (status 400).")
    var invalidSubscription = "close"

    @Option(help: "REST calls that a token may make in a minute.")
    var restCallsPerMinute = 300

    @Option(help: "Reset a connection that is idle for so long, as a proxy does.")
    var idleTimeoutMilliseconds: Int?

    @Option(help: "Record client pings that come faster as violations.")
    var clientPingIntervalMinMilliseconds: Int?

    @Option(help: "The nodes that streams are spread over, which a drain empties one by one.")
    var nodes = 4

    @Flag(help: "Begin each stream that brings no position at the first event, instead of at the present.")
    var startAtBeginning = false

    @Flag(help: "Inject faults of every kind by themselves, as the seed says.")
    var chaos = false

    @Option(help: ArgumentHelp("Serve TLS, with a certificate made in this folder.", valueName: "folder"))
    var tlsDirectory: String?

    func run() async throws {
        self.child.endWithParent()
        var configuration = SimulatorConfiguration(tenants: try self.simulatedTenants())
        configuration.host = self.host
        configuration.port = self.port
        configuration.eventBytes = self.eventBytes
        configuration.seed = self.seed
        configuration.largeEvents = self.largeEventInterval.map {
            LargeEvents(interval: $0, bytes: self.largeEventBytes)
        }
        try self.apply(to: &configuration)
        configuration.startAt = self.startAtBeginning ? .beginning : .present
        do {
            if let directory = self.tlsDirectory {
                let certificate = try await GeneratedCertificate.generate(in: directory)
                configuration.tls = certificate.tls
                StandardStream.error.write(line: "certificate authority for clients: \(certificate.authorityPath)")
            }
            try await self.serve(configuration)
        } catch let error as SimulatorError {
            throw CommandFailure(.unavailable, error.description)
        }
    }

    private func apply(to configuration: inout SimulatorConfiguration) throws {
        guard let answer = InvalidSubscriptionAnswer(rawValue: self.invalidSubscription) else {
            throw CommandFailure(.usage, "--invalid-subscription is 'close' or 'http'")
        }
        guard (1...1e9).contains(self.tokenLifetimeSeconds) else {
            throw CommandFailure(.usage, "--token-lifetime-seconds is not in 1...1000000000")
        }
        try self.channels.apply(to: &configuration)
        configuration.tokenLifetimeMilliseconds = Int(self.tokenLifetimeSeconds * 1_000)
        configuration.invalidSubscriptionAnswer = answer
        configuration.restCallsPerWindow = self.restCallsPerMinute
        configuration.idleTimeoutMilliseconds = self.idleTimeoutMilliseconds
        configuration.clientPingIntervalMinMilliseconds = self.clientPingIntervalMinMilliseconds
        configuration.nodeCount = self.nodes
        configuration.keepsPositionsLost = self.chaos
    }

    private func simulatedTenants() throws -> [SimulatedTenant] {
        let rate: ProductionRate
        if self.rate == "unlimited" {
            rate = .unlimited
        } else if let number = Double(self.rate), number >= 0 {
            rate = .eventsPerSecond(number)
        } else {
            throw CommandFailure(.usage, "--rate '\(self.rate)' is neither a number nor 'unlimited'")
        }
        return try self.tenants.map { text in
            let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
            guard parts.count == 3 else {
                throw CommandFailure(
                    .usage,
                    "--tenant wants name:clientId:clientSecret, three parts with colons between"
                )
            }
            return SimulatedTenant(
                name: parts[0],
                clientId: parts[1],
                clientSecret: parts[2],
                rate: rate,
                resources: SimulatedResource.generated(count: self.resources)
            )
        }
    }

    private func serve(_ configuration: SimulatorConfiguration) async throws {
        let signals = await StopSignals()
        let simulator: GenesysSimulator
        do {
            simulator = try await GenesysSimulator.start(
                configuration: configuration,
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: LogConfiguration(level: .warning, format: .text).makeLogger(label: "simulator")
            )
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw CommandFailure(
                .unavailable,
                "\(configuration.host):\(configuration.port) cannot be listened on: \(error)"
            )
        }
        StandardStream.output.write(
            line: "simulator listens on \(simulator.baseURL) (streams: \(simulator.streamingBaseURL))"
        )
        try await signals.during { firstSignal in
            await withTaskGroup(of: Void.self) { group in
                if self.chaos {
                    let tenants = configuration.tenants.map(\.name)
                    group.addTask {
                        await simulator.makeTrouble(
                            tenants: tenants,
                            areOfChannels: !configuration.servesStream,
                            seed: self.seed
                        )
                    }
                }
                await firstSignal()
                group.cancelAll()
            }
            await simulator.shutdown()
        }
    }
}
