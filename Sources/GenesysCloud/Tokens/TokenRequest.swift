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

    /// Everything that was sent and must not be shown when the server sends it back.
    private var secrets: [Secret] {
        let credentials = self.request().headers["authorization"].map { Secret(String($0.dropFirst("Basic ".count))) }
        return [self.settings.clientSecret] + credentials
    }

    /// Asks once. Bounded by the settings' time-out; ends early when the task is cancelled.
    func send(with client: HTTPClient, nowSeconds: Int64) async throws(TokenRefusal) -> TokenGrant {
        let answer: TokenAnswer
        do {
            answer = try await self.answer(from: client, nowSeconds: nowSeconds)
        } catch {
            let what = error is NIOTooManyBytesError ? "the answer is too large" : "\(error)"
            throw TokenRefusal(reason: PeerText.shown(what, hiding: self.secrets), retryAfterSeconds: nil)
        }
        return try answer.grant(hiding: self.secrets)
    }

    /// The library's own deadline ends with the answer's head; this one covers the body too.
    private func answer(from client: HTTPClient, nowSeconds: Int64) async throws -> TokenAnswer {
        let timeout = self.settings.requestTimeout
        return try await withThrowingTaskGroup(of: TokenAnswer?.self) { group in
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            group.addTask {
                let response = try await client.execute(self.request(), timeout: .nanoseconds(timeout.wholeNanoseconds))
                let body = try await response.body.collect(upTo: Self.answerByteLimit)
                return TokenAnswer(
                    status: Int(response.status.code),
                    retryAfter: response.headers.first(name: "retry-after"),
                    date: response.headers.first(name: "date"),
                    nowSeconds: nowSeconds,
                    body: Array(body.readableBytesView)
                )
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw HTTPClientError.deadlineExceeded }
            return answer
        }
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
