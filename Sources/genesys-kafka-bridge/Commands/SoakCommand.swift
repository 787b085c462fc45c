import ArgumentParser
import Foundation
import Logging

/// `soak`: hours of chaos.
struct SoakCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract:
            "Run the bridge for hours while everything goes wrong, audit what it delivered, and see that it does not grow.",
        discussion: """
            The bridge is a process of its own; a simulator, an embedded broker and the audit are in this one. Faults of every \
            kind come by themselves, as with `demo --chaos`. With KAFKA_BOOTSTRAP_SERVERS the broker is that cluster, which \
            gets topics of its own for the time. Exit status 1 if an event is not accounted for or out of order, or there twice \
            in a real cluster with exactly-once; if the bridge ended by itself; or if it needed more memory or descriptors at the \
            end than behind its first tenth of the time.
            """
    )

    @Option(name: .customLong("protocol"), help: "What the tenants offer: 'stream' or 'channels'.")
    var dialect = StreamProtocol.stream

    @Option(help: "For how long events are made.")
    var seconds = 7_200

    @Option(help: "Events per second; 5000 of streams and 500 of channels unless given.")
    var rate: Double?

    @Option(help: "The seed of the faults.")
    var seed: UInt64 = 1

    @Flag(help: "No faults: only what --kill-every-seconds does.")
    var calm = false

    @Option(help: "What the bridge promises: at-least-once or exactly-once.")
    var guarantee = DeliveryGuarantee.atLeastOnce

    @Option(help: "Kill the bridge (SIGKILL) about so often, at random moments, and start it again.")
    var killEverySeconds: Int?

    @Option(help: "Where the bridge's log goes.")
    var log = NSTemporaryDirectory() + "genesys-kafka-bridge-soak.log"

    @Flag(help: "Print the outcome as JSON, and nothing else.")
    var json = false

    func validate() throws {
        guard self.seconds > 0 else { throw ValidationError("--seconds must be at least 1") }
        guard self.rate ?? 1 > 0, self.rate ?? 1 <= 20_000 else {
            throw ValidationError("--rate must be above 0 and at most 20000")
        }
        guard self.killEverySeconds ?? 1 > 0 else { throw ValidationError("--kill-every-seconds must be at least 1") }
    }

    func run() async throws {
        let json = self.json
        let run = SoakRun(
            options: SoakRun.Options(
                dialect: self.dialect,
                seconds: self.seconds,
                rate: self.rate ?? (self.dialect == .stream ? 5_000 : 500),
                chaosSeed: self.calm ? nil : self.seed,
                guarantee: self.guarantee,
                bootstrapServers: ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"],
                killEverySeconds: self.killEverySeconds,
                logPath: self.log,
                show: { line in if !json { StandardStream.output.write(line: line) } }
            ),
            logger: LogConfiguration(level: .critical, format: .text).makeLogger(label: "soak")
        )
        let signals = await StopSignals()
        let summary = try await signals.during { firstSignal in try await run.run(until: firstSignal) }
        if json {
            StandardStream.output.write(line: JSONText.encoded(summary))
        } else {
            for line in AuditScreen.lines(summary) { StandardStream.output.write(line: line) }
        }
        if !summary.isClean { throw ExitCode(1) }
    }
}

extension DeliveryGuarantee: ExpressibleByArgument {}
