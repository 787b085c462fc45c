import ArgumentParser
import BridgeCore

/// `health`: asks a running bridge, for container health checks and people.
struct HealthCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Ask a running bridge how it is.",
        discussion: "Ends with status 0 if the bridge is well, else with 69 and the reason."
    )

    @Option(
        help: ArgumentHelp("Where the bridge's admin server is (default: http://127.0.0.1:9600).", valueName: "url")
    )
    var url: String?

    @Option(help: ArgumentHelp("Take the address from this configuration's admin.listen instead.", valueName: "file"))
    var config: String?

    @Flag(help: "Ask only whether the process lives, not whether it does its work.")
    var live = false

    @Option(help: ArgumentHelp("Seconds to wait for the answer.", valueName: "seconds"))
    var timeout: Int = 5

    func validate() throws {
        guard self.url == nil || self.config == nil else { throw ValidationError("Give --url or --config, not both.") }
        guard (1...300).contains(self.timeout) else {
            throw ValidationError("--timeout must be from 1 to 300 seconds.")
        }
        if let url = self.url { _ = try Self.endpoint(url) }
    }

    func run() async throws {
        let endpoint =
            if let config = self.config {
                try HealthProbe.endpoint(of: ConfigurationLoader().load(config).configuration.admin)
            } else {
                try Self.endpoint(self.url ?? "http://127.0.0.1:9600")
            }
        let probe = HealthProbe(endpoint: endpoint, timeout: .seconds(self.timeout))
        StandardStream.output.write(line: try await probe.ask(self.live ? .live : .ready))
    }

    private static func endpoint(_ url: String) throws -> Endpoint {
        do {
            return try Endpoint(url, schemes: [.http, .https])
        } catch {
            throw ValidationError("The URL \(error.problem): \(error.remedy)")
        }
    }
}
