import BridgeCore
import NIOCore
import WebSocketClient

/// What a server says where it answers the request for a WebSocket with something else, in either dialect.
struct RefusedUpgrade {
    private let rejection: WebSocketRejection
    /// In its own words, or where it would send the client.
    let message: String
    /// The status and the words, for people: without control characters and secrets.
    let text: String

    init(_ rejection: WebSocketRejection, hiding secrets: [Secret]) {
        self.rejection = rejection
        self.message =
            Redirect.description(status: rejection.status, location: rejection.firstHeader("location"))
            ?? ServerMessage.text(in: Array(rejection.body.readableBytesView))
        let shown = PeerText.shown(self.message, hiding: secrets)
        self.text = shown.isEmpty ? "HTTP \(rejection.status)" : "HTTP \(rejection.status): \(shown)"
    }

    var status: Int { self.rejection.status }

    /// How long it asks to be left alone; nil where it does not say. `nowSeconds` is the wall clock, in seconds since 1970, for a
    /// `Retry-After` that is a date.
    func retryAfterSeconds(nowSeconds: Int64) -> Int? {
        let seconds = self.rejection.firstHeader("retry-after").flatMap {
            RetryAfter.seconds(header: $0, date: self.rejection.firstHeader("date"), nowSeconds: nowSeconds)
        }
        return seconds ?? RetryAfter.seconds(reason: self.message)
    }
}
