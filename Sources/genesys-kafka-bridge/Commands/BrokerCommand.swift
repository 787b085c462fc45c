import ArgumentParser
import RDKafka

/// `broker`: the embedded broker as a process of its own.
struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract:
            "Run the embedded broker: librdkafka's mock cluster, for demos and drills. It keeps little and forgets all.",
        discussion: """
            The first line on standard output is `BOOTSTRAP host:port,…`. Then it takes commands on standard input, one per \
            line, and answers each with OK or with what is wrong; `help` lists them. It ends with `quit` or a signal.
            """
    )

    @Option(help: "How many brokers.")
    var brokers = 1

    @Option(
        name: .customLong("topic"),
        help: ArgumentHelp("A topic to create at the start; may be repeated.", valueName: "name:partitions")
    )
    var topics: [String] = []

    @OptionGroup(visibility: .hidden) var child: ChildOptions

    func run() async throws {
        let signals = await StopSignals()
        let kafka: EmbeddedKafka
        do {
            kafka = try EmbeddedKafka(brokerCount: self.brokers)
            for topic in self.topics {
                let parts = topic.split(separator: ":")
                guard parts.count == 2, let partitions = Int(parts[1]) else {
                    throw CommandFailure(.usage, "--topic wants name:partitions, such as events:6, not '\(topic)'")
                }
                try kafka.createTopic(String(parts[0]), partitionCount: partitions)
            }
        } catch let error as KafkaError {
            throw CommandFailure(.unavailable, "the embedded broker did not start: \(error.reason)")
        }
        StandardStream.output.write(line: "BOOTSTRAP \(kafka.bootstrapServers)")
        try await signals.during { firstSignal in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await firstSignal() }
                group.addTask { await Self.takeCommands(kafka, endsWithInput: self.child.endsWithInput) }
                await group.next()
                group.cancelAll()
            }
        }
        await kafka.close()
    }

    /// Returns at `quit`. The end of standard input ends nothing where it is not a parent's: a broker in the background has none.
    private static func takeCommands(_ kafka: EmbeddedKafka, endsWithInput: Bool) async {
        for await line in StandardInput.lines() {
            do {
                switch try EmbeddedKafkaCommand.parse(line) {
                case nil: continue
                case .quit: return
                case .help: StandardStream.output.write(line: EmbeddedKafkaCommand.helpText)
                case let command?:
                    try kafka.apply(command)
                    StandardStream.output.write(line: "OK \(ControlCharacters.escape(line))")
                }
            } catch let error as EmbeddedKafkaCommandError {
                StandardStream.output.write(line: "FAILED \(error.description)")
            } catch let error as KafkaError {
                StandardStream.output.write(line: "FAILED \(error.description)")
            } catch {
                StandardStream.output.write(line: "FAILED \(error)")
            }
        }
        if endsWithInput { return }
        // Wait for the signal, which cancels this task.
        let (never, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        continuation.finish()
    }
}
