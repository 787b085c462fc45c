import ArgumentParser
import BridgeCore
import RDKafka

/// `topics`: what the bridge writes to, and its creation.
struct TopicsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Show the Kafka topics that a configuration writes to, and create those that are missing.",
        discussion: """
            A topic that exists is never changed: in what it is not as configured is said. Ends with status 0, or with 69 \
            if the cluster cannot be reached or a topic cannot be created.
            """
    )

    @Option(help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
    var config: String

    @Flag(help: "Create what is missing.")
    var apply = false

    @Flag(help: "Answer in JSON.")
    var json = false

    @Option(help: ArgumentHelp("Seconds to wait for each answer of the cluster.", valueName: "seconds"))
    var timeout: Int = 30

    func validate() throws {
        guard (1...600).contains(self.timeout) else {
            throw ValidationError("--timeout must be from 1 to 600 seconds.")
        }
    }

    func run() async throws {
        let configuration = try ConfigurationLoader().load(self.config).configuration
        let planned = PlannedTopic.all(of: configuration.tenants, in: configuration)
        let admin = try TopicAdmin(configuration.kafka, timeout: .seconds(self.timeout))
        do {
            let report = try await self.report(planned, admin)
            await admin.close()
            StandardStream.output.write(line: self.json ? JSONText.encoded(report) : report.text)
            let refused = report.count(.refused)
            if refused > 0 { throw CommandFailure(.unavailable, "\(refused) topics could not be created") }
        } catch let error as KafkaError {
            await admin.close()
            throw CommandFailure(.unavailable, "Kafka: \(error.description)")
        }
    }

    private func report(_ planned: [PlannedTopic], _ admin: TopicAdmin) async throws -> TopicReport {
        let actual = try await admin.topics(planned.map(\.name))
        var report = TopicReport(planned, on: actual)
        guard self.apply else { return report }
        report.enter(refused: try await admin.create(planned.filter { actual[$0.name] == nil }))
        return report
    }
}
