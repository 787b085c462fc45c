import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks an admin server for its health.
struct HealthProbe {
    /// What is asked.
    enum Question: String {
        /// Whether the process lives.
        case live
        /// Whether it does its work.
        case ready
    }

    private static let maximumAnswerBytes = 65_536

    let endpoint: Endpoint
    let timeout: Duration

    /// Where the admin server of `admin` answers on this machine.
    static func endpoint(of admin: AdminConfiguration) throws(CommandFailure) -> Endpoint {
        guard let listen = admin.listen else {
            throw CommandFailure(.configuration, "admin.listen is off: there is nothing to ask; give it an address")
        }
        guard listen.port != 0 else {
            throw CommandFailure(.configuration, "admin.listen has port 0: only the bridge knows its port; use --url")
        }
        // An address that stands for all of the machine's is not one to connect to.
        let host = ["0.0.0.0": "127.0.0.1", "::": "::1"][listen.host] ?? listen.host
        return Endpoint(scheme: .http, host: host, port: listen.port)
    }

    /// The answer in one line where all is well; throws with the reason where it is not.
    func ask(_ question: Question) async throws(CommandFailure) -> String {
        let url = "\(self.endpoint)/health/\(question.rawValue)"
        let status: UInt
        let answer: String
        do {
            (status, answer) = try await self.get(url)
        } catch {
            throw CommandFailure(.unavailable, "no answer from \(url): \(error)")
        }
        let line = ControlCharacters.escape(String(answer.drop(while: \.isWhitespace).prefix { !$0.isNewline }))
        guard status == 200 else {
            let shown =
                line.hasPrefix("not ready") ? line : "\(url) answered \(status)\(line.isEmpty ? "" : ": \(line)")"
            throw CommandFailure(.unavailable, shown)
        }
        return line
    }

    private func get(_ url: String) async throws -> (status: UInt, answer: String) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        // A refusal is an answer; by default the client would try again until the time is up.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.connect = .seconds(self.timeout.components.seconds)
        return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
            let response = try await client.execute(
                HTTPClientRequest(url: url),
                timeout: .seconds(self.timeout.components.seconds)
            )
            let body = try await response.body.collect(upTo: Self.maximumAnswerBytes)
            return (response.status.code, String(buffer: body))
        }
    }
}
