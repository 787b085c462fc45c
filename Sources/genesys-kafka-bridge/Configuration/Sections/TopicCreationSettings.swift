/// `records.topics`.
enum TopicCreationSettings {
    static let partitions = Setting(
        "partitions",
        .integer(1...10_000),
        default: 12,
        "partitions of an event topic that `topics --apply` creates; more later would send keys to other partitions"
    )
    static let replicationFactor = BareSetting(
        optional: "replicationFactor",
        .integer(1...100),
        absence: "the brokers' default",
        "copies of each partition of a topic that `topics --apply` creates"
    )
    static let retention = BareSetting(
        optional: "retention",
        .duration(.seconds(3600)...(.seconds(87_600 * 3600))),
        absence: "the brokers' default",
        "how long events, dead letters and gap records are kept in topics that `topics --apply` creates"
    )

    static let definitions = [partitions.definition, replicationFactor.definition, retention.definition]

    static func decode(_ reader: MappingReader) -> TopicCreation {
        TopicCreation(
            partitions: reader.value(Self.partitions),
            replicationFactor: reader.value(Self.replicationFactor),
            retention: reader.value(Self.retention)
        )
    }
}
