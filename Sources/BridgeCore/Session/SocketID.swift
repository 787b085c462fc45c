/// One attempt at a socket, and the socket that it becomes. Never used twice by one session.
public struct SocketID: Hashable, Sendable, CustomStringConvertible {
    /// Counts a session's attempts, from 1.
    public var number: Int

    /// The `number`-th attempt.
    public init(_ number: Int) {
        self.number = number
    }

    /// The number.
    public var description: String { "\(self.number)" }
}
