/// Writes a body by its class alone: every field of it, most fields of what is in it, with values that fit their names.
struct SchemaBody {
    private static let depthMax = 3
    private static let byteCountMax = 16_000

    let topic: NotificationTopic
    let schemas: SchemaTable
    /// The names that are still before the field of the sequence number; nil beside the way there.
    private let way: [String]?

    init(topic: NotificationTopic, schemas: SchemaTable = .shared) {
        self.topic = topic
        self.schemas = schemas
        self.way = SequencePlace(bodyClass: topic.template.bodyClass, schemas: schemas)?.path
    }

    /// Whether a body has no place for the sequence number but its time.
    var isNumberedByTime: Bool {
        self.way == nil && self.schemas.classes[self.topic.template.bodyClass].contains { $0.type == .time }
    }

    func write(to writer: inout BodyWriter) {
        self.writeObject(self.topic.template.bodyClass, depth: 0, way: self.way ?? [], to: &writer)
    }

    private func writeObject(_ number: Int, depth: Int, way: [String], to writer: inout BodyWriter) {
        writer.object { writer in
            for field in self.schemas.classes[number] {
                let isOnWay = field.name == way.first
                let isLeftOut = depth > 0 && writer.draw() % 10 > 5
                guard isOnWay || (!isLeftOut && self.hasRoom(field.type, depth, writer)) else { continue }
                writer.key(field.name)
                self.write(field.type, of: field.name, depth, way: isOnWay ? Array(way.dropFirst()) : nil, to: &writer)
            }
            if depth == 0, self.way == nil, !self.isNumberedByTime {
                writer.key(ChannelEventSequence.extraField)
                writer.sequence()
            }
        }
    }

    private func hasRoom(_ type: SchemaTable.FieldType, _ depth: Int, _ writer: BodyWriter) -> Bool {
        switch type {
        case .object, .list(.object), .map(.object):
            depth < Self.depthMax && writer.byteCount < Self.byteCountMax
        case .text, .whole, .number, .truth, .time, .anything, .values, .list, .map: true
        }
    }

    /// - Parameter way: empty where this is the field of the sequence number; nil beside the way.
    private func write(
        _ type: SchemaTable.FieldType,
        of name: String,
        _ depth: Int,
        way: [String]?,
        to writer: inout BodyWriter
    ) {
        switch type {
        case .text: if way == nil { self.writeText(name, to: &writer) } else { writer.sequence() }
        case .whole: self.writeWhole(name, to: &writer)
        case .number: writer.raw("\(writer.draw() % 1_000).\(writer.draw() % 9 + 1)")
        case .truth: writer.raw(writer.draw() % 2 == 0 ? "true" : "false")
        case .time: writer.time()
        case .anything: writer.object { _ in }
        case .values(let number):
            let values = self.schemas.values[number]
            writer.text(values[writer.draw() % values.count])
        case .object(let number): self.writeObject(number, depth: depth + 1, way: way ?? [], to: &writer)
        case .list(let element):
            writer.list { writer in
                for index in 0..<(1 + writer.draw() % 2) {
                    self.write(element, of: name, depth, way: index == 0 ? way : nil, to: &writer)
                }
            }
        case .map(let element):
            writer.object { writer in
                if case .anything = element { return }
                writer.key(way == nil ? "example.key" : "simulator.sequence")
                self.write(element, of: name, depth, way: way, to: &writer)
            }
        }
    }

    private func writeWhole(_ name: String, to writer: inout BodyWriter) {
        if name.hasSuffix("Time") || name.hasSuffix("TimeMs") || name.hasSuffix("Date") {
            writer.milliseconds()
        } else {
            writer.raw(String(writer.draw() % 100_000))
        }
    }

    private func writeText(_ name: String, to writer: inout BodyWriter) {
        let lowercased = name.lowercased()
        let segments = self.topic.template.segments
        if name == "userId", segments.contains("users"), let user = self.topic.identifiers.first {
            writer.text(user)
        } else if name == "queueId", segments.contains("queues"), let queue = self.topic.identifiers.first {
            writer.text(queue)
        } else if name == "conversationId" {
            if segments.contains(where: { $0.hasPrefix("conversation") }), let last = self.topic.identifiers.last,
                !segments.contains("users")
            {
                writer.text(last)
            } else {
                writer.conversation()
            }
        } else if name == "id" || name.hasSuffix("Id") || name.hasSuffix("Ids") {
            writer.identifier()
        } else if lowercased.hasSuffix("uri") || lowercased.hasSuffix("url") {
            writer.text("https://apps.example.invalid/\(lowercased)/\(writer.draw() % 1_000)")
        } else if lowercased.contains("email") {
            writer.text("agent.\(writer.draw() % 1_000)@example.invalid")
        } else if lowercased.contains("phone") || lowercased.contains("address") || name == "ani" || name == "dnis" {
            writer.text("tel:+1555010\(writer.draw() % 10)")
        } else if lowercased.hasSuffix("name") {
            writer.text("Zürich \"Süd\" – 日本 😀 \(writer.draw() % 100)")
        } else {
            writer.text("\(name) \(writer.draw() % 1_000)")
        }
    }
}
