import BridgeCore

/// `kafka`: librdkafka's properties, less those that the guarantee rests on.
enum KafkaSettings {
    static let definitions: [SettingDefinition] = [
        SettingDefinition(
            key: "properties",
            defaultText: "required: bootstrap.servers",
            range: "any librdkafka property",
            meaning: "how Kafka is reached; the properties that the guarantee rests on are refused",
            shape: .anyKeys
        )
    ]

    static func decode(
        _ reader: MappingReader,
        delivery: DeliveryConfiguration,
        deliveryReader: MappingReader
    ) -> KafkaConfiguration {
        let entries = reader.anyKeys("properties") ?? []
        let path = reader.keyPath("properties")
        var properties: [KafkaProperty] = []
        var read: [(entry: ConfigurationNode.Entry, text: String, keyPath: String)] = []
        for entry in entries {
            let keyPath = "\(path).\(ControlCharacters.escape(String(entry.key.prefix(200))))"
            guard let text = Self.text(of: entry, keyPath: keyPath, context: reader.context) else { continue }
            read.append((entry, text, keyPath))
            properties.append(KafkaProperty(name: entry.key, value: Secret(text), position: entry.keyPosition))
        }
        let rules = KafkaPropertyRules(
            context: reader.context,
            delivery: delivery,
            values: Dictionary(read.map { ($0.entry.key, $0.text) }) { $1 }
        )
        for (entry, text, keyPath) in read { rules.check(entry, text: text, keyPath: keyPath) }
        rules.checkCommitInterval(deliveryReader)
        if !entries.contains(where: { ["bootstrap.servers", "metadata.broker.list"].contains($0.key) }) {
            reader.context.report(
                reader.position(of: "properties"),
                "\(path).bootstrap.servers",
                "required, but missing",
                "write HOST:PORT of one or more brokers, separated by commas"
            )
        }
        return KafkaConfiguration(properties: properties)
    }

    /// librdkafka takes every value as text: a number or a boolean needs no quotes.
    private static func text(of entry: ConfigurationNode.Entry, keyPath: String, context: DecodingContext) -> String? {
        let reader = ScalarReader(context: context)
        guard let scalar = reader.scalar(entry.value, keyPath: keyPath, remedy: "write text, a number or a boolean")
        else {
            return nil
        }
        guard scalar.isReplaced || scalar.kind != .null else {
            context.report(entry.value.position, keyPath, "must not be empty", "write a value, or \"\" for empty text")
            return nil
        }
        guard !scalar.text.utf8.contains(0) else {
            context.report(entry.value.position, keyPath, "holds a NUL character")
            return nil
        }
        return scalar.text
    }
}
