import BridgeCore

/// A `records` section that changes what is inherited.
struct RecordOverrides: Sendable {
    let topic: BareSetting<TopicTemplate>
    let key: BareSetting<RecordKey>
    let headers: BareSetting<RecordHeaderStyle>

    /// - Parameters:
    ///   - inherited: what counts for a key that is absent, in words.
    ///   - whose: whose records they are, in words.
    init(inherited: String, whose: String) {
        self.topic = BareSetting(
            optional: "topic",
            RecordSyntax.topic,
            absence: inherited,
            "Kafka topic of \(whose) events"
        )
        self.key = BareSetting(optional: "key", RecordSyntax.key, absence: inherited, "key of \(whose) records")
        self.headers = BareSetting(
            optional: "headers",
            .word(),
            absence: inherited,
            "headers of \(whose) records"
        )
    }

    var definitions: [SettingDefinition] {
        [self.topic.definition, self.key.definition, self.headers.definition]
    }

    /// `inherited`, with what `reader` has instead.
    func decode(_ reader: MappingReader, inherited: DecodedStyle) -> DecodedStyle {
        let topic = reader.value(self.topic)
        let key = reader.value(self.key)
        let headers = reader.value(self.headers)
        let isRead =
            (topic != nil || !reader.has(self.topic.key)) && (key != nil || !reader.has(self.key.key))
            && (headers != nil || !reader.has(self.headers.key))
        let style = RecordStyle(
            topic: topic ?? inherited.style.topic,
            key: key ?? inherited.style.key,
            headers: headers ?? inherited.style.headers
        )
        return DecodedStyle(style: style, isSound: isRead && inherited.isSound)
    }
}
