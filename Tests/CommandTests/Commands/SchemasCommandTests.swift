import Foundation
import Testing

@Suite("The command schemas")
struct SchemasCommandTests {
    @Test("lists all 237 topics of the public API")
    func list() async throws {
        let process = try await BridgeProcess(["schemas", "--json"])
        #expect(process.status == 0, "\(process.errors)")
        let rows = try JSONDecoder().decode([[String: String]].self, from: Data(process.output.utf8))
        #expect(rows.count == 237)
        #expect(
            rows.contains(["topic": "v2.users.{id}.presence", "bodyClass": "PresenceEventUserPresence"]),
            "\(rows)"
        )
    }

    @Test("exports a schema for each, in which every reference leads somewhere, the same bytes each time")
    func export() async throws {
        try await TemporaryFolder.with { folder in
            var contents: [[String: Data]] = []
            for name in ["one", "two"] {
                let directory = try folder.file(name) + "-schemas"
                let process = try await BridgeProcess(["schemas", "export", directory])
                #expect(process.status == 0 && process.output.contains("237 schemas"), "\(process.errors)")
                let files = try FileManager.default.contentsOfDirectory(atPath: directory)
                let pairs = try files.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\($0)"))) }
                contents.append(Dictionary(uniqueKeysWithValues: pairs))
            }
            #expect(contents[0].count == 237 && contents[0] == contents[1])
            for (name, bytes) in contents[0] {
                let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any], "\(name)")
                let definitions = try #require(schema["$defs"] as? [String: Any], "\(name)")
                let references = Self.references(in: schema)
                #expect(!references.isEmpty && references.allSatisfy { definitions[$0] != nil }, "\(name)")
                #expect(Set(references) == Set(definitions.keys), "\(name) defines what nothing refers to")
            }
        }
    }

    private static func references(in value: Any) -> [String] {
        switch value {
        case let object as [String: Any]:
            object.flatMap { name, value in
                guard name == "$ref", let text = value as? String else { return Self.references(in: value) }
                return [String(text.trimmingPrefix("#/$defs/"))]
            }
        case let array as [Any]: array.flatMap(Self.references)
        default: []
        }
    }

    @Test("prints the schema of a topic with an id in it; enumerations are open unless asked for")
    func print() async throws {
        let open = try await BridgeProcess(["schemas", "print", "v2.users.0d3a-1.routingStatus", "--part", "body"])
        #expect(open.status == 0, "\(open.errors)")
        #expect(open.output.contains(#""title" : "v2.users.{id}.routingStatus""#) && open.output.contains("OFF_QUEUE"))
        #expect(!open.output.contains(#""enum""#) && !open.output.contains("topicName"))
        let closed = try await BridgeProcess(
            ["schemas", "print", "v2.users.{id}.routingStatus", "--closed-enumerations"]
        )
        #expect(closed.status == 0 && closed.output.contains(#""enum""#) && closed.output.contains("topicName"))
    }

    @Test("a topic that there is not is a wrong usage, with the nearest name")
    func unknown() async throws {
        let process = try await BridgeProcess(["schemas", "print", "v2.users.{id}.presense"])
        #expect(process.status == 64 && process.output.isEmpty, "\(process.output)")
        #expect(process.errors.contains("did you mean 'v2.users.{id}.presence'?"), "\(process.errors)")
    }

    @Test("a directory that cannot be made is named")
    func unwritable() async throws {
        let process = try await BridgeProcess(["schemas", "export", "/proc/nowhere/schemas"])
        #expect(process.status == 69 && process.errors.contains("/proc/nowhere/schemas"), "\(process.errors)")
    }
}
