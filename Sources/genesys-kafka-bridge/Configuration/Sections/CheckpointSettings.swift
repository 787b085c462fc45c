/// `delivery.checkpoints`.
enum CheckpointSettings {
    static let store = Setting(
        "store",
        .word(),
        default: CheckpointStoreKind.directory,
        "where positions are kept: files of this instance, or a compacted Kafka topic that all instances share"
    )
    static let directory = Setting(
        "directory",
        .text("a path"),
        default: "/var/lib/genesys-kafka-bridge",
        "folder of the checkpoint files; must be durable, and belongs to one instance"
    )
    static let topic = Setting(
        "topic",
        .text("a topic's name", range: "1 to 249 of a-z A-Z 0-9 . _ -", limit: 249, check: Self.problem),
        default: "genesys-bridge.checkpoints",
        "Kafka topic of the checkpoints, compacted; created where it is missing and that is allowed"
    )
    static let commitInterval = Setting(
        "commitInterval",
        .duration(.milliseconds(1)...(.seconds(60))),
        default: .milliseconds(100),
        "longest time from acknowledgement to commit; longer repeats more after a crash, shorter writes more; with exactly-once, the length of a transaction"
    )
    static let commitBatches = Setting(
        "commitBatches",
        .integer(1...65_536),
        default: 64,
        "acknowledged batches after which a commit does not wait for the interval"
    )

    static let definitions = [
        store.definition, directory.definition, topic.definition, commitInterval.definition, commitBatches.definition,
    ]

    static func decode(_ reader: MappingReader) -> CheckpointsConfiguration {
        let result = CheckpointsConfiguration(
            store: reader.value(Self.store),
            directory: reader.value(Self.directory),
            topic: reader.value(Self.topic),
            commitInterval: reader.value(Self.commitInterval),
            commitBatches: reader.value(Self.commitBatches)
        )
        guard !reader.context.hasIssue(at: reader.keyPath(Self.store.key)) else { return result }
        // A default, written out, says nothing.
        switch result.store {
        case .directory where result.topic != Self.topic.defaultValue:
            Self.reportIdle(Self.topic.key, result, "write store: kafkaTopic, or leave the topic out", reader)
        case .kafkaTopic where result.directory != Self.directory.defaultValue:
            Self.reportIdle(Self.directory.key, result, "leave the directory out, or write store: directory", reader)
        case .directory, .kafkaTopic: break
        }
        return result
    }

    private static func reportIdle(
        _ key: String,
        _ checkpoints: CheckpointsConfiguration,
        _ remedy: String,
        _ reader: MappingReader
    ) {
        reader.report(key, "has no meaning with store: \(checkpoints.store.rawValue)", remedy)
    }

    /// What the brokers would not take as a topic's name.
    @Sendable private static func problem(_ name: String) -> ValueProblem? {
        guard let template = try? TopicTemplate(name), name != ".", name != "..", !name.contains("{") else {
            return ValueProblem(problem: "is not a topic's name", remedy: "use a-z, A-Z, 0-9, `.`, `_` and `-`")
        }
        return template.description == name ? nil : ValueProblem(problem: "is not a topic's name")
    }
}
