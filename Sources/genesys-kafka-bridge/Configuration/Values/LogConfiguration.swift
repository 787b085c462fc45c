import Logging

/// What is logged, and how.
struct LogConfiguration: Hashable, Sendable {
    var level: Logger.Level
    var format: LogFormat
}
