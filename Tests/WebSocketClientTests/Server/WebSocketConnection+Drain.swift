import WebSocketClient

extension WebSocketConnection {
    /// Everything up to the end, and the end.
    func drain() async throws -> (events: [WebSocketEvent], close: WebSocketClose) {
        var events: [WebSocketEvent] = []
        while true {
            let event = try await self.next()
            if case .closed(let close) = event { return (events, close) }
            events.append(event)
        }
    }
}
