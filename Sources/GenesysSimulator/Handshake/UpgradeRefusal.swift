import NIOHTTP1

/// Why an upgrade gets no stream.
enum UpgradeRefusal: Error, Equatable {
    case reject(HTTPReply)
    /// The upgrade succeeds, and the stream is closed with this code at once (S5.1).
    case close(code: UInt16, reason: String)

    static func reject(_ status: HTTPResponseStatus, _ code: String, _ message: String) -> UpgradeRefusal {
        .reject(.failure(status, code: code, message: message))
    }

    /// The name that it is counted under.
    var answer: String {
        switch self {
        case .reject(let reply): reply.delay == .forever ? "none" : String(reply.status.code)
        case .close(let code, _): "close \(code)"
        }
    }
}
