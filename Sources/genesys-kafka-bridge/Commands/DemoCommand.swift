import ArgumentParser
import Logging

/// `demo`: the real bridge on embedded parts.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Watch the real bridge work, on a simulator and an embedded broker, and audit what it delivered.",
        discussion: """
            Two simulated tenants send events; the bridge delivers them to librdkafka's in-process broker; an audit reads the \
            topics meanwhile and compares at the end. Exit status 1 if an event is not accounted for, or a fault that was asked for \
            did not take effect.

            With --protocol channels they offer the public API's channels, which send nothing again: what is missing has to be inside \
            a gap record. Channels live for 20 seconds, so that each is followed by another; without --chaos that must lose and \
            repeat nothing, and leave no gap record.
            """
    )

    @Option(name: .customLong("protocol"), help: "What the tenants offer: 'stream' or 'channels'.")
    var dialect = StreamProtocol.stream

    @Option(help: "For how long events are made.")
    var seconds = 30

    @Option(help: "Events per second; 2000 of streams and 200 of channels unless given.")
    var rate: Double?

    @Flag(help: "Inject faults: every kind that the simulator has within two minutes, and broker outages.")
    var chaos = false

    @Option(help: "The seed of the faults.")
    var seed: UInt64?

    @Flag(help: "Write what the bridge logs to standard error: send that to a file.")
    var verbose = false

    @Flag(help: "Print the audit as JSON, and nothing else.")
    var json = false

    func validate() throws {
        guard self.seconds > 0 else { throw ValidationError("--seconds must be at least 1") }
        guard self.rate ?? 1 > 0, self.rate ?? 1 <= 20_000 else {
            throw ValidationError(
                "--rate must be above 0 and at most 20000: the embedded broker keeps little, and an audit must keep up"
            )
        }
        guard self.seed == nil || self.chaos else { throw ValidationError("--seed has a meaning with --chaos only") }
    }

    func run() async throws {
        let terminal = DemoTerminal()
        let json = self.json
        let chaosSeed = self.chaos ? self.seed ?? UInt64.random(in: 1...999_999) : nil
        let options = DemoRun.Options(
            dialect: self.dialect,
            seconds: self.seconds,
            rate: self.rate ?? (self.dialect == .stream ? 2_000 : 200),
            chaosSeed: chaosSeed
        ) { frame in
            if !json { terminal.show(frame) }
        }
        // Reconnects are what the view is about: log lines would only tear it.
        let level: Logger.Level = self.verbose ? .debug : .critical
        let logger = LogConfiguration(level: level, format: .text).makeLogger(label: "demo")
        let signals = await StopSignals()
        if !json {
            if let chaosSeed {
                let head = "chaos with seed \(chaosSeed), and short times:"
                for line in [head] + DemoParts.chaoticProfile(self.dialect).map({ "  " + $0 }) {
                    StandardStream.output.write(line: line)
                }
            }
            terminal.begin()
        }
        let run = DemoRun(options: options, logger: logger)
        let summary = try await signals.during { firstSignal in try await run.run(until: firstSignal) }
        if json {
            StandardStream.output.write(line: JSONText.encoded(summary))
        } else {
            for line in AuditScreen.lines(summary) { StandardStream.output.write(line: line) }
        }
        if !summary.isClean { throw ExitCode(1) }
    }
}

extension StreamProtocol: ExpressibleByArgument {}
