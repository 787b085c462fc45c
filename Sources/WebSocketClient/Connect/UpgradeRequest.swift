internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// The client's opening handshake (RFC 6455 section 4.1): what is asked, and which answers are good.
struct UpgradeRequest: Sendable {
    enum Verdict: Equatable {
        /// The connection is a WebSocket now, with compression if it was agreed.
        case good(DeflateAgreement?)
        /// It must not be used, for this reason.
        case fault(String)
    }

    private let target: WebSocketTarget
    private let deflate: DeflateOffer?
    private let key: String

    /// `key` is 16 random bytes in base64, fresh for each connection.
    init(target: WebSocketTarget, compression: WebSocketCompression = .off, key: String) {
        self.target = target
        self.deflate = DeflateOffer(compression)
        self.key = key
    }

    /// The request as it goes on the wire.
    var bytes: ByteBuffer {
        var text = "GET \(self.target.requestTarget) HTTP/1.1\r\nHost: \(self.target.hostHeader)\r\n"
        text += "Upgrade: websocket\r\nConnection: Upgrade\r\n"
        text += "Sec-WebSocket-Key: \(self.key)\r\nSec-WebSocket-Version: 13\r\n"
        if let deflate = self.deflate {
            text += "Sec-WebSocket-Extensions: \(deflate.headerValue)\r\n"
        }
        for header in self.target.headers {
            text += "\(header.name): \(header.value)\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    /// Judges an answer with status 101.
    func judge(_ head: UpgradeResponseHead) -> Verdict {
        if let fault = self.fault(in: head) { return .fault(fault) }
        switch DeflateOffer.answer(head.values(of: "sec-websocket-extensions"), to: self.deflate) {
        case .declined: return .good(nil)
        case .agreed(let agreement): return .good(agreement)
        case .fault(let fault): return .fault(fault)
        }
    }

    private func fault(in head: UpgradeResponseHead) -> String? {
        if head.minorVersion < 1 {
            "status 101 in an HTTP/1.0 response"
        } else if head.values(of: "upgrade").map({ $0.lowercased() }) != ["websocket"] {
            "the Upgrade header of the response is not \"websocket\""
        } else if !HTTPGrammar.listElements(head.values(of: "connection")).contains("upgrade") {
            "the Connection header of the response does not say \"Upgrade\""
        } else if !self.isAccepted(by: head) {
            "the Sec-WebSocket-Accept header of the response is missing or wrong"
        } else if !head.values(of: "sec-websocket-protocol").isEmpty {
            "the server chose a subprotocol that was not offered"
        } else {
            nil
        }
    }

    private func isAccepted(by head: UpgradeResponseHead) -> Bool {
        let headers = HTTPHeaders(head.headers.map { ($0.name, $0.value) })
        let response = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        let upgrader = NIOWebSocketClientUpgrader(requestKey: self.key) { channel, _ in
            channel.eventLoop.makeSucceededVoidFuture()
        }
        return upgrader.shouldAllowUpgrade(upgradeResponse: response)
    }
}
