import AsyncHTTPClient
import BridgeCore
import NIOCore
import NIOHTTP1
import WebSocketClient

/// One request and its whole answer, within a time and a size.
struct HTTPExchange {
    /// Why there is no answer.
    enum Failure: Error, Hashable {
        /// The task was cancelled.
        case cancelled
        /// Not within the time.
        case timedOut(Duration)
        /// A body above the limit, in bytes.
        case tooLarge(Int)
        /// Bytes that are not HTTP.
        case notHTTP
        /// The client was shut down.
        case closed
        /// Refused, reset, TLS, or anything else that keeps an answer from coming. For people; not made safe yet.
        case broken(String)
    }

    /// Of an answer that is not 2xx no more than this is read, in bytes.
    static let complaintByteLimit = 65_536

    let client: HTTPClient
    let clock: TokenClock
    /// A body of a 2xx answer above this is given up.
    let bodyBytesMax: Int

    /// Asks once. The library's own deadline ends with the answer's head; `timeout` covers everything from resolving
    /// the host's name to the last byte.
    func send(_ request: HTTPClientRequest, timeout: Duration) async throws(Failure) -> HTTPAnswer {
        do {
            return try await withThrowingTaskGroup(of: HTTPAnswer?.self) { group in
                group.addTask {
                    try await self.clock.sleep(timeout)
                    return nil
                }
                group.addTask { try await self.answer(to: request) }
                defer { group.cancelAll() }
                guard let answer = try await group.next() ?? nil else { throw Failure.timedOut(timeout) }
                return answer
            }
        } catch {
            throw Task.isCancelled ? .cancelled : self.failure(error, timeout: timeout)
        }
    }

    private func answer(to request: HTTPClientRequest) async throws -> HTTPAnswer {
        // The other child's deadline cancels this one; the library's is only a backstop that never comes first.
        let response = try await self.client.execute(request, timeout: .hours(1))
        var answer = HTTPAnswer(status: Int(response.status.code), headers: response.headers, body: [])
        if answer.isSuccess {
            answer.body = Array(try await response.body.collect(upTo: self.bodyBytesMax).readableBytesView)
        } else {
            for try await part in response.body {
                answer.body += Array(part.readableBytesView.prefix(Self.complaintByteLimit - answer.body.count))
                if answer.body.count == Self.complaintByteLimit { break }
            }
        }
        return answer
    }

    private func failure(_ error: any Error, timeout: Duration) -> Failure {
        switch error {
        case let failure as Failure: failure
        case is NIOTooManyBytesError: .tooLarge(self.bodyBytesMax)
        case HTTPParserError.invalidEOFState: .broken("the connection ended within the answer")
        case is HTTPParserError: .notHTTP
        case let error as HTTPClientError: Self.failure(error, timeout: timeout)
        default: .broken(TLSFailure.words(for: error) ?? "\(error)")
        }
    }

    private static func failure(_ error: HTTPClientError, timeout: Duration) -> Failure {
        switch error {
        case .alreadyShutdown: .closed
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            .timedOut(timeout)
        case .remoteConnectionClosed:
            .broken("the server closed the connection without an answer; does it expect TLS, or no TLS?")
        // The short text: the long one holds header values.
        default: .broken(error.shortDescription)
        }
    }
}

extension HTTPExchange.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .cancelled: "cancelled"
        case .timedOut(let timeout): "no whole answer within \(timeout.inSeconds) s"
        case .tooLarge(let limit): "the answer is too large: more than \(limit) bytes"
        case .notHTTP: "what came back is not HTTP"
        case .closed: "the HTTP client is shut down"
        case .broken(let reason): reason
        }
    }
}
