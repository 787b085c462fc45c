import AsyncHTTPClient
import BridgeCore
import NIOCore
import NIOHTTP1

/// One request for a token (S1.4).
struct TokenRequest {
    /// An answer above this many bytes is none that a token endpoint sends.
    static let answerByteLimit = 65_536

    /// Where, who and how.
    let settings: TokenServiceSettings
    let clock: TokenClock

    /// Everything that was sent and must not be shown when the server sends it back.
    private var secrets: [Secret] {
        let credentials = self.request().headers["authorization"].map { Secret(String($0.dropFirst("Basic ".count))) }
        return [self.settings.clientSecret] + credentials
    }

    /// Asks once. Bounded by the settings' time-out; ends early when the task is cancelled.
    func send(with client: HTTPClient) async throws(TokenRefusal) -> TokenGrant {
        let exchange = HTTPExchange(client: client, clock: self.clock, bodyBytesMax: Self.answerByteLimit)
        let answer: HTTPAnswer
        do throws(HTTPExchange.Failure) {
            answer = try await exchange.send(self.request(), timeout: self.settings.requestTimeout)
        } catch {
            throw TokenRefusal(reason: PeerText.shown("\(error)", hiding: self.secrets), retryAfterSeconds: nil)
        }
        return try TokenAnswer(answer, nowSeconds: self.clock.secondsSince1970()).grant(hiding: self.secrets)
    }

    private func request() -> HTTPClientRequest {
        var request = HTTPClientRequest(url: self.settings.login.httpURL(path: "/oauth/token"))
        request.method = .POST
        // RFC 6749 section 2.3.1 asks for id and secret to be form-encoded first; Genesys Cloud, like most, takes them
        // as they are (RFC 7617).
        request.setBasicAuth(username: self.settings.clientID, password: self.settings.clientSecret.revealed)
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "genesys-kafka-bridge")
        request.body = .bytes(ByteBuffer(string: "grant_type=client_credentials"))
        return request
    }
}
