/// `connection.tcp`.
enum TCPSettings {
    private static let seconds: ValueSyntax<Duration> = .duration(.seconds(1)...(.seconds(7200)))

    static let keepAliveIdle = Setting(
        "keepAliveIdle",
        seconds,
        default: .seconds(30),
        "silence after which TCP begins to probe; whole seconds"
    )
    static let keepAliveInterval = Setting(
        "keepAliveInterval",
        seconds,
        default: .seconds(10),
        "time between two probes; whole seconds"
    )
    static let keepAliveCount = Setting(
        "keepAliveCount",
        .integer(1...100),
        default: 3,
        "unanswered probes after which the connection is dead"
    )
    static let userTimeout = Setting(
        "userTimeout",
        .duration(.seconds(1)...(.seconds(7200))),
        default: .seconds(45),
        "how long sent bytes may stay unacknowledged"
    )

    static let definitions = [
        keepAliveIdle.definition, keepAliveInterval.definition, keepAliveCount.definition, userTimeout.definition,
    ]

    static func decode(_ reader: MappingReader) -> TCPConfiguration {
        TCPConfiguration(
            keepAliveIdle: Self.wholeSeconds(Self.keepAliveIdle, reader),
            keepAliveInterval: Self.wholeSeconds(Self.keepAliveInterval, reader),
            keepAliveCount: reader.value(Self.keepAliveCount),
            userTimeout: reader.value(Self.userTimeout)
        )
    }

    /// The kernel counts these in seconds: a fraction would be lost without a word.
    private static func wholeSeconds(_ setting: Setting<Duration>, _ reader: MappingReader) -> Duration {
        let value = reader.value(setting)
        if value.components.attoseconds != 0 {
            reader.report(
                setting.key,
                "\(DurationText.format(value)) is not a whole number of seconds",
                "write seconds, such as 30s"
            )
        }
        return value
    }
}
