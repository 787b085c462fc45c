/// The form of log lines.
enum LogFormat: String, CaseIterable, Sendable {
    /// One JSON object a line.
    case json
    /// For people.
    case text
}
