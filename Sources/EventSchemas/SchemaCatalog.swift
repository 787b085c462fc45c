internal import Foundation

/// JSON Schemas (draft 2020-12) of what Genesys Cloud's notification topics bring, made from the field lists of Genesys' own SDK.
///
/// Every field is optional and may be null, and more fields may come: the SDK promises neither, and a schema that refuses a new field
/// stops a job at night.
public struct SchemaCatalog: Sendable {
    /// What a schema is of.
    public enum Part: String, CaseIterable, Sendable {
        /// The whole event as it is in Kafka: `topicName`, `version`, `eventBody`, `metadata`.
        case event
        /// Its `eventBody` alone.
        case body
    }

    /// A topic template and the class of its body.
    public struct Topic: Hashable, Sendable {
        /// Such as `v2.users.{id}.presence`.
        public var template: String
        /// The SDK's name of the body's class.
        public var bodyClass: String
    }

    /// A field of a class.
    public struct Field: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// What it holds.
        public var type: FieldType
        /// The values that the SDK knows; none where it may be any.
        public var knownValues: [String]
    }

    /// The document cannot be read: it was not compiled in as it should be.
    public struct Unreadable: Error, CustomStringConvertible {
        /// What is wrong with it.
        public var description: String
    }

    /// All topics, by template.
    public let topics: [Topic]
    /// Where the field lists are from.
    public let source: String
    /// Ordered by name.
    private let classes: [String: [Field]]

    /// Reads the document that is compiled in.
    /// - Throws: `Unreadable`.
    public init() throws(Unreadable) {
        try self.init(EmbeddedDocument.data)
    }

    init(_ data: Data) throws(Unreadable) {
        let document: SchemaDocument
        do {
            document = try JSONDecoder().decode(SchemaDocument.self, from: data)
        } catch {
            throw Unreadable(description: "the embedded schemas cannot be read: \(error)")
        }
        var classes: [String: [Field]] = [:]
        for (name, fields) in document.classes {
            var known: [Field] = []
            for (field, described) in fields {
                guard let type = FieldType(described.type), type.className.map({ document.classes[$0] != nil }) ?? true
                else { throw Unreadable(description: "'\(name).\(field)' has the unknown type '\(described.type)'") }
                known.append(Field(name: field, type: type, knownValues: described.enum ?? []))
            }
            classes[name] = known.sorted { $0.name < $1.name }
        }
        for (template, bodyClass) in document.topics where classes[bodyClass] == nil {
            throw Unreadable(description: "the topic '\(template)' has the unknown class '\(bodyClass)'")
        }
        self.classes = classes
        self.source = document.derivedFrom
        self.topics = document.topics.map { Topic(template: $0.key, bodyClass: $0.value) }
            .sorted { $0.template < $1.template }
    }

    /// The fields of a class, ordered by name; nil where there is none such.
    public func fields(ofClass name: String) -> [Field]? {
        self.classes[name]
    }

    /// The topic with this template, or whose template this name is of: `v2.users.123.presence` is of `v2.users.{id}.presence`.
    public func topic(of name: String) -> Topic? {
        if let exact = self.topics.first(where: { $0.template == name }) { return exact }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return self.topics.first { topic in
            let template = topic.template.split(separator: ".")
            return template.count == parts.count
                && zip(template, parts).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
        }
    }

    /// The schema of what `topic` brings, as JSON with sorted names; the same bytes each time.
    /// - Parameter closesEnumerations: values that the SDK does not know are refused; else they are examples only.
    /// - Throws: nothing is expected to; what `JSONEncoder` throws.
    public func schema(of topic: Topic, part: Part, closesEnumerations: Bool = false) throws -> String {
        var root: [String: JSONValue] = [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": .string("urn:genesys-kafka-bridge:\(part.rawValue):\(topic.template)"),
            "title": .string(topic.template),
            "$comment": .string("made from \(self.source)"),
        ]
        switch part {
        case .body:
            root["$ref"] = Self.reference(topic.bodyClass)
        case .event:
            root["type"] = "object"
            root["required"] = ["topicName", "eventBody"]
            root["properties"] = [
                "topicName": ["type": "string", "pattern": .string(Self.pattern(of: topic.template))],
                "version": ["type": ["string", "null"]],
                "eventBody": .object(["$ref": Self.reference(topic.bodyClass)]),
                "metadata": [
                    "type": ["object", "null"], "properties": ["CorrelationId": ["type": ["string", "null"]]],
                ],
            ]
        }
        root["$defs"] = .object(self.definitions(from: topic.bodyClass, closesEnumerations))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(JSONValue.object(root)), as: UTF8.self)
    }

    /// The classes that can be reached from one.
    private func definitions(from bodyClass: String, _ closesEnumerations: Bool) -> [String: JSONValue] {
        var result: [String: JSONValue] = [:]
        var waiting = [bodyClass]
        while let name = waiting.popLast() {
            guard result[name] == nil, let fields = self.classes[name] else { continue }
            let properties = fields.map { ($0.name, Self.property($0, closesEnumerations)) }
            result[name] = [
                "type": ["object", "null"], "properties": .object(Dictionary(uniqueKeysWithValues: properties)),
            ]
            waiting += fields.compactMap(\.type.className)
        }
        return result
    }

    private static func property(_ field: Field, _ closesEnumerations: Bool) -> JSONValue {
        guard !field.knownValues.isEmpty else { return Self.schema(of: field.type) }
        let values = field.knownValues.map { JSONValue.string($0) }
        if closesEnumerations { return ["enum": .array(values + [.null])] }
        return ["type": ["string", "null"], "examples": .array(values)]
    }

    private static func schema(of type: FieldType) -> JSONValue {
        switch type {
        case .string: ["type": ["string", "null"]]
        case .dateTime: ["type": ["string", "null"], "format": "date-time"]
        case .integer: ["type": ["integer", "null"]]
        case .number: ["type": ["number", "null"]]
        case .boolean: ["type": ["boolean", "null"]]
        case .any: true
        case .list(let inner): ["type": ["array", "null"], "items": Self.schema(of: inner)]
        case .map(let inner): ["type": ["object", "null"], "additionalProperties": Self.schema(of: inner)]
        case .named(let name): .object(["$ref": Self.reference(name)])
        }
    }

    private static func reference(_ name: String) -> JSONValue { .string("#/$defs/\(name)") }

    /// What the names of a template's topics look like.
    private static func pattern(of template: String) -> String {
        let parts = template.split(separator: ".").map { $0.hasPrefix("{") ? "[^.]+" : String($0) }
        return "^" + parts.joined(separator: "\\.") + "$"
    }
}
