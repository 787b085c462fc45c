import NIOCore

/// Writes any event of any topic: its bytes follow from the seed, the tenant, the topic and the number alone, unless it is told a time.
///
/// Three templates a topic follow each other, made when the first event of it is asked for.
struct ChannelEventWriter {
    private static let phaseCount = 3
    /// Templates of so many topics are kept.
    private static let topicCountMax = 25_000

    private let hash: SeededHash
    private let time: LogicalTime
    private var templates: [String: [BodyTemplate]] = [:]
    /// Topics whose events have no number but the log's own time.
    private var numberedByTime: Set<String> = []

    init(tenant: String, seed: UInt64, logStartMilliseconds: Int) {
        self.hash = SeededHash(seed: seed).derived(for: tenant).derived(for: "channels")
        self.time = LogicalTime(startMilliseconds: logStartMilliseconds)
    }

    /// The message of the topic's event of this number.
    ///
    /// - Parameter milliseconds: the time in its body, since 1970; nil stands for the log's own.
    mutating func message(_ topic: NotificationTopic, sequence: Int, milliseconds: Int? = nil) -> ByteBuffer {
        let templates = self.templates(of: topic)
        let (conversation, phase) = sequence.quotientAndRemainder(dividingBy: Self.phaseCount)
        let isTold = milliseconds != nil && !self.numberedByTime.contains(topic.name)
        let time = isTold ? LogicalTime(startMilliseconds: (milliseconds ?? 0) - sequence) : self.time
        return templates[phase].filled(sequence: sequence, conversation: conversation, time: time)
    }

    private mutating func templates(of topic: NotificationTopic) -> [BodyTemplate] {
        if let templates = self.templates[topic.name] { return templates }
        let templates = self.makeTemplates(topic)
        if self.templates.count < Self.topicCountMax { self.templates[topic.name] = templates }
        return templates
    }

    private mutating func makeTemplates(_ topic: NotificationTopic) -> [BodyTemplate] {
        if SchemaBody(topic: topic).isNumberedByTime { self.numberedByTime.insert(topic.name) }
        return (0..<Self.phaseCount).map { phase in
            // What a conversation and its participants are called does not change with its phases.
            var writer = BodyWriter(hash: self.hash.derived(for: topic.name))
            writer.object { writer in
                writer.field("topicName", topic.name)
                writer.field("version", "2")
                writer.key("eventBody")
                self.writeBody(topic, phase: phase, to: &writer)
                writer.key("metadata")
                writer.object { writer in
                    // Not unique: it is not the identifier of an event.
                    writer.key("CorrelationId")
                    writer.identifier()
                }
            }
            return writer.template
        }
    }

    private func writeBody(_ topic: NotificationTopic, phase: Int, to writer: inout BodyWriter) {
        let identifier = topic.identifiers.first ?? ""
        // From about 4 KB to about 19 KB.
        let size = Int(self.hash.derived(for: topic.name)(0) % 75)
        switch topic.template.text {
        case "v2.users.{id}.presence": UserBody(user: identifier, phase: phase).writePresence(to: &writer)
        case "v2.users.{id}.routingStatus": UserBody(user: identifier, phase: phase).writeRoutingStatus(to: &writer)
        case "v2.users.{id}.conversations":
            ConversationBody(queue: nil, user: identifier, phase: phase, attributeCount: 5 + size).write(to: &writer)
        case "v2.routing.queues.{id}.conversations":
            ConversationBody(queue: identifier, user: nil, phase: phase, attributeCount: 5 + size).write(to: &writer)
        case "v2.analytics.queues.{id}.observations": ObservationsBody(queue: identifier).write(to: &writer)
        case _: SchemaBody(topic: topic).write(to: &writer)
        }
    }
}
