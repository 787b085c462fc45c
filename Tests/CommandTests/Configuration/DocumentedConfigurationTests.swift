import Foundation
import GenesysSimulator
import RDKafka
import Testing

/// What the documents show can be used as it stands there.
@Suite("Documented configurations")
struct DocumentedConfigurationTests {
    /// A block of a document.
    struct Example: CustomStringConvertible {
        var page: String
        var line: Int
        var yaml: String

        var description: String { "\(self.page):\(self.line)" }

        /// Every configuration in the documents: blocks of YAML.
        static let all: [Example] = {
            var root = URL(filePath: #filePath).deletingLastPathComponent()
            while !FileManager.default.fileExists(atPath: root.appending(path: "Package.swift").path) {
                root = root.deletingLastPathComponent()
            }
            let folder = "Sources/genesys-kafka-bridge/GenesysKafkaBridge.docc"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
            let pages = ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "\(folder)/\($0)" }
            return pages.flatMap { page in
                Self.blocks(of: (try? String(contentsOf: root.appending(path: page), encoding: .utf8)) ?? "", page)
            }
        }()

        private static func blocks(of text: String, _ page: String) -> [Example] {
            var examples: [Example] = []
            var open: Example?
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if let example = open, line == "```" {
                    examples.append(example)
                    open = nil
                } else if open != nil {
                    open?.yaml += line + "\n"
                } else if line == "```yaml" {
                    open = Example(page: page, line: index + 2, yaml: "")
                }
            }
            return examples
        }
    }

    private static let tenants = """
        tenants:
          - name: acme
            region: mypurecloud.com
            protocol: stream
            credentials: { clientId: id, clientSecret: secret }
            subscriptions:
              - { event: user.presence, resourceId: abc-123 }
              - { event: conversation.calls, resourceId: abc-123 }
        """

    @Test("there are some, of the pages that have some")
    func some() {
        let pages = Set(Example.all.map { $0.page.split(separator: "/").last ?? "" })
        #expect(pages.isSuperset(of: ["README.md", "Security.md"]))
        #expect(Example.all.count >= 5)
    }

    @Test("validate takes each one, with its files and variables", arguments: Example.all)
    func valid(example: Example) async throws {
        try await TemporaryFolder.with { folder in
            let certificate = try await GeneratedCertificate.generate(in: folder.url.path)
            func copy(_ path: String, to name: String) throws {
                try FileManager.default.copyItem(atPath: path, toPath: folder.url.appendingPathComponent(name).path)
            }
            try copy(folder.url.appendingPathComponent("server.key").path, to: "client.key")
            try copy(folder.url.appendingPathComponent("server.pem").path, to: "client.pem")
            #expect(certificate.authorityPath.hasSuffix("/ca.pem"))
            var yaml = example.yaml
            for home in ["/run/secrets/", "/etc/genesys-kafka-bridge/"] {
                yaml = yaml.replacingOccurrences(of: home, with: folder.url.path + "/")
            }
            var environment: [String: String] = [:]
            for reference in yaml.components(separatedBy: "${").dropFirst() {
                let parts = reference.prefix { $0 != "}" }.split(separator: ":", maxSplits: 1).map(String.init)
                try #require(parts.count == 2, "\(reference)")
                if parts[0] == "env" { environment[parts[1]] = "k4fk4-p4ss-0123456789" }
                if parts[0] == "file" {
                    _ = try folder.file((parts[1] as NSString).lastPathComponent, "k4fk4-p4ss-0123456789\n")
                }
            }
            if !yaml.contains("\ntenants:") { yaml += Self.tenants }
            if !yaml.contains("kafka:") { yaml += "\nkafka: { properties: { bootstrap.servers: kafka } }" }
            let path = try folder.file("bridge.yaml", yaml)
            let process = try await BridgeProcess(["validate", "--config", path], environment: environment)
            #expect(!(process.output + process.errors).contains("k4fk4"))
            // What this librdkafka was built without is refused in these words, and nothing else of the example is.
            let lines = process.errors.split(separator: "\n")
            let isUnsupported = !lines.isEmpty && lines.allSatisfy { $0.contains("not supported in this build") }
            #expect(process.status == 0 || (yaml.contains("oidc") && isUnsupported), "\(process.errors)")
        }
    }
}
