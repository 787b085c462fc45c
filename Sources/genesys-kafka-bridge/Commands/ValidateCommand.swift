import ArgumentParser
import BridgeCore

/// `validate`: says what is wrong with a configuration, or what it would do.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check a configuration file and show what it would do.",
        discussion: """
            Everything that is wrong is said at once, each with its place, what is wrong and what would be right. Nothing is \
            connected to. Secrets are read, so that a missing one is found, and never shown.
            """
    )

    @Option(help: ArgumentHelp("The configuration file (YAML).", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp("Check for the instance that runs this share, counted from 0.", valueName: "I/N"),
        transform: ShareArgument.parse
    )
    var share: Share = .whole

    @Flag(help: "Answer in JSON.")
    var json = false

    @Flag(help: "Print every key with its default, range and meaning, and do nothing else.")
    var printReference = false

    func validate() throws {
        guard self.printReference || self.config != nil else {
            throw ValidationError("Give the configuration file: --config bridge.yaml")
        }
    }

    func run() async throws {
        guard !self.printReference, let config = self.config else {
            StandardStream.output.write(line: ConfigurationReference.table)
            return
        }
        do throws(ConfigurationError) {
            let loaded = try ConfigurationLoader().load(config, share: self.share)
            try LibraryCheck.run(loaded.configuration, file: config)
            let plan = ConfigurationPlan(loaded, file: config, share: self.share)
            StandardStream.output.write(line: self.json ? JSONText.encoded(ConfigurationVerdict(plan)) : plan.text)
        } catch {
            guard self.json else { throw error }
            StandardStream.output.write(line: JSONText.encoded(ConfigurationVerdict(error)))
            throw ExitCode(ExitStatus.configuration.rawValue)
        }
    }
}
