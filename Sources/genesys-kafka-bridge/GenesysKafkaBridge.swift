import ArgumentParser

/// The root command. Whatever a command throws ends here, as a message on standard error and an exit status.
@main
struct GenesysKafkaBridge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genesys-kafka-bridge",
        abstract: "Brings Genesys Cloud notifications into Apache Kafka, at least once, and loses none silently.",
        discussion: """
            It holds WebSocket connections to Genesys Cloud, writes each event to Kafka, and remembers how far it came \
            only after Kafka has acknowledged the events.

            Check a configuration with `validate --config bridge.yaml`; `validate --print-reference` lists every key.

            Exit status: 0 success, 64 wrong usage, 69 something needed is not available, 70 internal error, \
            78 wrong configuration.
            """,
        version: BridgeVersion.current,
        subcommands: [
            RunCommand.self, DemoCommand.self, ValidateCommand.self, TopicsCommand.self, VerifyCommand.self,
            CheckpointsCommand.self, TailCommand.self, SchemasCommand.self, HealthCommand.self, SimulateCommand.self,
            BrokerCommand.self,
            BenchCommand.self, SoakCommand.self, WebSocketEchoCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try Self.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ErrorReport(error).exit()
        }
    }
}
