import Logging

/// `log`.
enum LogSettings {
    static let level = Setting<Logger.Level>("level", .word(), default: .info, "least important level that is logged")
    static let format = Setting<LogFormat>(
        "format",
        .word(),
        default: .json,
        "one JSON object a line, or text for people"
    )

    static let definitions = [level.definition, format.definition]

    static func decode(_ reader: MappingReader) -> LogConfiguration {
        LogConfiguration(level: reader.value(Self.level), format: reader.value(Self.format))
    }
}
