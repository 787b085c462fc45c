import NIOHTTP1

/// `GET /api/v2/notifications/availabletopics`: what there is to subscribe to.
struct AvailableTopics {
    /// Deeper objects are named by their type alone.
    private static let depthMax = 2

    private let expanded: Set<String>

    /// - Parameter query: `expand` may come more than once, and name several with commas between.
    init(_ query: QueryParameters) {
        self.expanded = Set(query.values(of: "expand").flatMap { $0.split(separator: ",").map(String.init) })
    }

    var reply: HTTPReply {
        let entities = TopicCatalog.shared.templates.map(self.entity).joined(separator: ",")
        return HTTPReply(status: .ok, json: #"{"entities":[\#(entities)]}"#)
    }

    private func entity(_ template: TopicTemplate) -> String {
        var fields = [#""id":\#(JSONText.string(template.text))"#]
        if self.expanded.contains("description") {
            fields.append(#""description":\#(JSONText.string("Events of \(template.text)"))"#)
        }
        if self.expanded.contains("requiresPermissions") {
            let permissions = template.permissions.map(JSONText.string).joined(separator: ",")
            fields.append(#""requiresPermissions":[\#(permissions)]"#)
        }
        if self.expanded.contains("transports") { fields.append(#""transports":["Websocket"]"#) }
        if self.expanded.contains("schema") {
            fields.append(#""schema":\#(Self.schema(.object(template.bodyClass), depth: 0))"#)
        }
        return "{\(fields.joined(separator: ","))}"
    }

    private static func schema(_ type: SchemaTable.FieldType, depth: Int) -> String {
        let table = SchemaTable.shared
        switch type {
        case .text: return #"{"type":"string"}"#
        case .whole: return #"{"type":"integer"}"#
        case .number: return #"{"type":"number"}"#
        case .truth: return #"{"type":"boolean"}"#
        case .time: return #"{"type":"string","format":"date-time"}"#
        case .anything: return #"{"type":"object"}"#
        case .values(let number):
            let values = table.values[number].map(JSONText.string).joined(separator: ",")
            return #"{"type":"string","enum":[\#(values)]}"#
        case .list(let element): return #"{"type":"array","items":\#(Self.schema(element, depth: depth))}"#
        case .map(let element):
            return #"{"type":"object","additionalProperties":\#(Self.schema(element, depth: depth))}"#
        case .object(let number):
            guard depth < Self.depthMax else { return #"{"type":"object"}"# }
            let fields = table.classes[number].map { field in
                "\(JSONText.string(field.name)):\(Self.schema(field.type, depth: depth + 1))"
            }
            return #"{"type":"object","properties":{\#(fields.joined(separator: ","))}}"#
        }
    }
}
