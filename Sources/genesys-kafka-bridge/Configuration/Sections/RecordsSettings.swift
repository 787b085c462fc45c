/// `records`.
enum RecordsSettings {
    static let topic = Setting(
        "topic",
        topicSyntax,
        default: "genesys.{tenant}.{family}",
        "Kafka topic of an event; {family} is the event's name"
    )
    static let key = Setting(
        "key",
        .word(),
        default: RecordKey.entity,
        "record key: the entity whose order matters (`resourceId`)"
    )
    static let headers = Setting(
        "headers",
        .word(),
        default: RecordHeaderStyle.cloudevents,
        "record headers: CloudEvents 1.0 in binary mode, or none (saves CPU)"
    )

    static let definitions = [
        topic.definition, key.definition, headers.definition, .section("topics", TopicCreationSettings.definitions),
    ]

    private static let topicSyntax = ValueSyntax.text(
        "a template",
        range: "a-z A-Z 0-9 . _ -, {tenant}, {family}",
        limit: TopicTemplate.maximumNameBytes
    ) { text in
        do throws(ValueProblem) {
            _ = try TopicTemplate(text)
            return nil
        } catch {
            return error
        }
    }

    /// Nil where the template is wrong; then that is reported.
    static func decode(_ reader: MappingReader) -> RecordsConfiguration? {
        let text = reader.value(Self.topic)
        let key = reader.value(Self.key)
        let headers = reader.value(Self.headers)
        let topics = TopicCreationSettings.decode(reader.section("topics", TopicCreationSettings.definitions))
        guard let topic = try? TopicTemplate(text) else { return nil }
        return RecordsConfiguration(topic: topic, key: key, headers: headers, topics: topics)
    }
}
