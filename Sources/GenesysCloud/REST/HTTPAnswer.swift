import BridgeCore
import NIOHTTP1

/// A server's answer to one request, read whole.
struct HTTPAnswer {
    /// The status.
    var status: Int
    /// The headers.
    var headers: HTTPHeaders
    /// The body; of an answer that is not 2xx only the beginning.
    var body: [UInt8]

    /// Whether the status is 2xx.
    var isSuccess: Bool { 200...299 ~= self.status }

    /// The first header called `name`, whatever its case.
    func header(_ name: String) -> String? { self.headers.first(name: name) }

    /// How long the server asks to be left alone, in seconds; `nowSeconds` since 1970 is for a date where there is no
    /// `Date`.
    func retryAfterSeconds(nowSeconds: Int64) -> Int? {
        self.header("retry-after").flatMap {
            RetryAfter.seconds(header: $0, date: self.header("date"), nowSeconds: nowSeconds)
        }
    }

    /// The status, and what the answer says about it, safe to print.
    func complaint(hiding secrets: [Secret]) -> String {
        let said =
            Redirect.description(status: self.status, location: self.header("location"))
            ?? ServerMessage.text(in: self.body)
        let shown = PeerText.shown(said, hiding: secrets)
        return shown.isEmpty ? "HTTP \(self.status)" : "HTTP \(self.status): \(shown)"
    }
}
