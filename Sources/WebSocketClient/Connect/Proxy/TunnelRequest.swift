internal import NIOCore

#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

/// What a proxy is asked for (RFC 9110 section 9.3.6), and what its answers mean.
struct TunnelRequest: Sendable {
    let proxy: HTTPProxy
    private let authority: String

    init(proxy: HTTPProxy, target: WebSocketTarget) {
        self.proxy = proxy
        self.authority = HTTPGrammar.authority(host: target.host, port: target.port)
    }

    /// The request as it goes on the wire.
    var bytes: ByteBuffer {
        var text = "CONNECT \(self.authority) HTTP/1.1\r\nHost: \(self.authority)\r\n"
        if let credentials = self.proxy.credentials {
            let pair = Data("\(credentials.username):\(credentials.password)".utf8).base64EncodedString()
            text += "Proxy-Authorization: Basic \(pair)\r\n"
        }
        return ByteBuffer(string: text + "\r\n")
    }

    /// Why there is no tunnel. Names the proxy and the status, never credentials.
    func refusal(status: Int) -> WebSocketConnectError {
        let meaning: String? =
            switch status {
            case 407: self.proxy.credentials == nil ? "it asks for credentials" : "it does not accept the credentials"
            case 403: "it does not allow this target"
            case 502, 503: "it cannot reach the target"
            case 504: "the target did not answer it in time"
            default: nil
            }
        let end = meaning.map { ": \($0)" } ?? ""
        return self.failure("refused the tunnel to \(self.authority) with HTTP status \(status)\(end)")
    }

    /// Something about the proxy, as the end of a sentence.
    func failure(_ predicate: String) -> WebSocketConnectError {
        .proxy("the proxy \(self.proxy) \(predicate)")
    }
}
