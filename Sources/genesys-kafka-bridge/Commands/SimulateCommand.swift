import ArgumentParser
import Foundation
import GenesysSimulator
import Logging
import NIOPosix

/// `simulate`: Genesys Cloud as a server on this machine.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play Genesys Cloud: token endpoint and notification stream, with faults on order.",
        discussion: """
            The first line on standard output says where it listens. Events carry dense sequence numbers, and a stream that \
            resumes is replayed from its position, so that an audit can tell what was lost. Faults come by themselves with \
            --chaos, or on request: POST /simulator/faults {"fault":"reset"}; GET /simulator/tenants says what is true.
            """
    )

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

    @Option(help: "How many resources (and so Kafka keys) a tenant has.")
    var resources = 30

    @Option(help: "Events, tokens and faults follow from it.")
    var seed: UInt64 = 1

    @Option(help: "The lifetime of a token, in seconds.")
    var tokenLifetimeSeconds = 86_399

    @Flag(help: "Begin each stream that brings no position at the first event, instead of at the present.")
    var startAtBeginning = false

    @Flag(help: "Inject faults by themselves, as the seed says.")
    var chaos = false

    @Option(help: ArgumentHelp("Serve TLS, with a certificate made in this folder.", valueName: "folder"))
    var tlsDirectory: String?

    func run() async throws {
        var configuration = SimulatorConfiguration(tenants: try self.simulatedTenants())
        configuration.host = self.host
        configuration.port = self.port
        configuration.eventBytes = self.eventBytes
        configuration.seed = self.seed
        configuration.tokenLifetimeSeconds = self.tokenLifetimeSeconds
        configuration.startAt = self.startAtBeginning ? .beginning : .present
        if self.chaos { configuration.faultSchedule = ChaosPlan.schedule(seed: self.seed) }
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
            await firstSignal()
            await simulator.shutdown()
        }
    }
}
