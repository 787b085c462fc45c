import ArgumentParser
import EventSchemas
import Foundation

/// `schemas`: what the events of Genesys Cloud's topics look like, for registries and the teams that read them.
struct SchemasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas",
        abstract: "JSON Schemas of the events of Genesys Cloud's notification topics.",
        discussion: """
            They are made from the field lists of Genesys' own SDK and are in this program: nothing is asked for. Every \
            field is optional and may be null, further fields are allowed, and the values that the SDK knows of an \
            enumeration are examples, unless --closed-enumerations is given.
            """,
        subcommands: [List.self, Print.self, Export.self],
        defaultSubcommand: List.self
    )

    /// What a schema is of, and how strict it is.
    struct Shape: ParsableArguments {
        enum Part: String, CaseIterable, ExpressibleByArgument {
            case event
            case body
        }

        @Option(help: "What it describes: the whole event as it is in Kafka, or its eventBody alone.")
        var part: Part = .event

        @Flag(help: "Refuse values of an enumeration that the SDK does not know.")
        var closedEnumerations = false

        func schema(of topic: SchemaCatalog.Topic, in catalog: SchemaCatalog) throws -> String {
            try catalog.schema(
                of: topic,
                part: self.part == .event ? .event : .body,
                closesEnumerations: self.closedEnumerations
            )
        }
    }
}

extension SchemasCommand {
    /// `schemas list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the topics and the classes of their bodies.")

        @Flag(help: "Answer in JSON.")
        var json = false

        private struct Row: Encodable {
            var topic: String
            var bodyClass: String
        }

        func run() async throws {
            let topics = try SchemaCatalog().topics
            if self.json {
                StandardStream.output.write(
                    line: JSONText.encoded(topics.map { Row(topic: $0.template, bodyClass: $0.bodyClass) })
                )
            } else {
                let table = TextTable(
                    head: ["topic", "class of the body"],
                    rows: topics.map { [$0.template, $0.bodyClass] }
                )
                StandardStream.output.write(line: table.lines.joined(separator: "\n"))
            }
        }
    }

    /// `schemas print TOPIC`
    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the schema of one topic.")

        @Argument(help: "A topic, such as v2.users.{id}.presence, or one with an id in the place of {id}.")
        var topic: String

        @OptionGroup var shape: Shape

        func run() async throws {
            let catalog = try SchemaCatalog()
            guard let topic = catalog.topic(of: self.topic) else {
                let near = NearestName.find(self.topic, among: catalog.topics.map(\.template))
                let hint = near.map { ": did you mean '\($0)'?" } ?? "; `schemas list` shows those that there are"
                throw CommandFailure(.usage, "there is no topic '\(self.topic)'\(hint)")
            }
            StandardStream.output.write(line: try self.shape.schema(of: topic, in: catalog))
        }
    }

    /// `schemas export DIRECTORY`
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write all schemas to a directory, one file for each topic.",
            discussion: "A file is named for its topic without the braces, such as v2.users.id.presence.schema.json."
        )

        @Argument(help: "The directory; it is made where it is missing. Files of the same names are replaced.")
        var directory: String

        @OptionGroup var shape: Shape

        func run() async throws {
            let catalog = try SchemaCatalog()
            let folder = URL(fileURLWithPath: self.directory, isDirectory: true)
            do {
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                for topic in catalog.topics {
                    let name = topic.template.filter { !"{}".contains($0) } + ".schema.json"
                    let text = try self.shape.schema(of: topic, in: catalog) + "\n"
                    try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
                }
            } catch {
                throw CommandFailure(.unavailable, "the schemas cannot be written to '\(self.directory)': \(error)")
            }
            StandardStream.output.write(line: "\(catalog.topics.count) schemas in \(self.directory)")
        }
    }
}
