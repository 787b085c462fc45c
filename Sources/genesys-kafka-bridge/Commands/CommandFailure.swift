/// Ends a command with a message and a status.
struct CommandFailure: Error, Hashable, CustomStringConvertible {
    var status: ExitStatus
    /// What is wrong and what would be right.
    var description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }
}
