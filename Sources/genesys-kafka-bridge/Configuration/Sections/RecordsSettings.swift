import BridgeCore

/// `records`.
enum RecordsSettings {
    static let topic = Setting(
        "topic",
        RecordSyntax.topic,
        default: .standard,
        "Kafka topic of an event; {family} is the event's name, or a channel's topic without v2 and ids"
    )
    static let key = Setting(
        "key",
        RecordSyntax.key,
        default: RecordKey.entity,
        "record key: the entity whose order matters (`resourceId`, or the first id in a channel's topic), the value at a JSON pointer, or none"
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

    static func decode(_ reader: MappingReader) -> (records: RecordsConfiguration, style: DecodedStyle) {
        let style = RecordStyle(
            topic: reader.value(Self.topic),
            key: reader.value(Self.key),
            headers: reader.value(Self.headers)
        )
        let topics = TopicCreationSettings.decode(reader.section("topics", TopicCreationSettings.definitions))
        let isSound = !reader.context.hasIssue(
            at: reader.keyPath(Self.topic.key),
            reader.keyPath(Self.key.key),
            reader.keyPath(Self.headers.key)
        )
        return (RecordsConfiguration(style: style, topics: topics), DecodedStyle(style: style, isSound: isSound))
    }
}
