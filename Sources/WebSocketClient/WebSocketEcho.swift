/// The other side of a conformance test: sends every message back.
public enum WebSocketEcho {
    /// Echoes every message with its kind until the connection ends, and returns how it ended. When the task is
    /// cancelled the connection is closed with 1001.
    public static func run(connection: WebSocketConnection) async -> WebSocketClose {
        while true {
            do {
                switch try await connection.next() {
                case .message(let message):
                    // A failure to send means that the connection is over: the next event says how.
                    try? await connection.send(message)
                case .pong, .unreadable:
                    continue
                case .closed(let close):
                    return close
                }
            } catch {
                await connection.close(code: .goingAway)
                return .closedByUs(code: WebSocketCloseCode.goingAway.rawValue)
            }
        }
    }
}
