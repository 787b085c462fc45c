/// A line that librdkafka logs.
public struct KafkaLogLine: Hashable, Sendable {
    /// syslog severity: 0 emergency … 3 error, 4 warning, 5 notice, 6 info, 7 debug.
    public let severity: Int
    /// librdkafka's own short name for the place, e.g. `FAIL`, `CONFWARN`.
    public let facility: String
    /// The line.
    public let message: String

    /// A line made by the caller, for tests of what consumes it.
    public init(severity: Int, facility: String, message: String) {
        self.severity = severity
        self.facility = facility
        self.message = message
    }
}
