import ArgumentParser
import BridgeCore
import BridgeRuntime
import RDKafka

/// `verify`: what is in Kafka, read to the end.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read the output topics, and say what is delivered, duplicated, out of order, missing.",
        discussion: """
            It reads what is committed, from the beginning of each topic to its end at the start, and holds little of it. \
            Stop the bridge before: what is on its way looks like something missing.

            The simulator numbers the events of each key: a number that is missing, and that neither a dead letter nor a gap \
            record accounts for, is lost. What is missing in front of the first event of a key, or behind its last one, \
            cannot be known. Events without numbers are told apart by their ce_id: exactly up to \
            \(IdentifierSample.countMax) of them for each tenant, beyond that by a sample.

            The public API's channels number nothing and send nothing again: what the bridge received is there, or in a gap \
            record, and no more can be said. Gaps are listed by cause, with their time. A simulator's events have numbers and, with \
            'simulate --real-times', times: a number that is missing is lost where no gap of its topic touches the time between its \
            neighbours, and inside a gap where gaps cover all of that time. Else it is beside a gap, and nobody can say whether it \
            was lost: it comes with how many would have come to be outside of gaps, had they come at equal distances. Of topics \
            that share a key times tell the order, where a gap record says that the same channels bring them.

            Ends with 0 if nothing is lost or out of order (events that came twice are allowed: delivery is at least once), 1 \
            if something is, 69 if the cluster cannot be reached.
            """
    )

    @Option(help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
    var config: String

    @Option(help: ArgumentHelp("Read only the topics of this tenant.", valueName: "name"))
    var tenant: String?

    @Flag(help: "Say it also for each key, of events that have numbers.")
    var keys = false

    @Flag(help: "Answer in JSON.")
    var json = false

    @Option(help: ArgumentHelp("Seconds to wait for an answer of the cluster.", valueName: "seconds"))
    var timeout: Int = 60

    func validate() throws {
        guard (1...3600).contains(self.timeout) else {
            throw ValidationError("--timeout must be from 1 to 3600 seconds.")
        }
    }

    func run() async throws {
        let configuration = try ConfigurationLoader().load(self.config).configuration
        let tenants = configuration.tenants.filter { self.tenant == nil || $0.name == self.tenant }
        guard !tenants.isEmpty else {
            let names = configuration.tenants.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "there is no such tenant; there are \(names)")
        }
        let report: VerifyReport
        do {
            report = VerifyReport(try await self.read(tenants, configuration))
        } catch let error as KafkaError {
            throw CommandFailure(.unavailable, "Kafka: \(error.description)")
        }
        StandardStream.output.write(line: self.json ? JSONText.encoded(report) : report.text)
        if !report.clean { throw ExitCode.failure }
    }

    /// One tenant after the other: what is read ahead is bounded by the topics of one.
    private func read(
        _ tenants: [TenantConfiguration],
        _ configuration: BridgeConfiguration
    ) async throws -> [VerifiedTenant] {
        let admin = try TopicAdmin(configuration.kafka, timeout: .seconds(self.timeout))
        let metadata: KafkaMetadata
        do {
            metadata = try await admin.metadata()
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
        let clock = SystemClock()
        var results: [VerifiedTenant] = []
        for tenant in tenants {
            let reading = TopicReading(tenant, configuration, clock: clock, silenceMax: .seconds(self.timeout)) {
                StandardStream.error.write(line: "\(tenant.name): \($0.read) of \($0.total) records read")
            }
            results.append(try await reading.run(metadata).result(withKeys: self.keys))
        }
        return results
    }
}
