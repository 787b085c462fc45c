/// Why no connection came about. No text holds the target's path, query or headers.
public enum WebSocketConnectError: Error, Equatable, Sendable {
    /// The target cannot be asked for. The same call fails again.
    case invalidTarget(String)
    /// The host's name was not resolved.
    case resolution(String)
    /// No TCP connection, or it broke before the upgrade was answered.
    case connection(String)
    /// The proxy cannot be reached or used, or refused the tunnel. The text names the proxy, and its HTTP status where it
    /// gave one, never credentials.
    case proxy(String)
    /// TLS failed: an untrusted, expired or foreign certificate, an unreadable PEM file, no TLS on the other side.
    case tls(String)
    /// The deadline passed in this step.
    case timedOut(WebSocketConnectStage)
    /// The server answered the upgrade request with another status than 101.
    case rejected(WebSocketRejection)
    /// The answer is not HTTP, or a 101 that RFC 6455 section 4.1 does not allow.
    case badUpgrade(String)
    /// The task was cancelled.
    case cancelled
}

extension WebSocketConnectError: CustomStringConvertible, CustomDebugStringConvertible {
    /// One line for a log.
    public var description: String {
        switch self {
        case .invalidTarget(let reason): "invalid target: \(reason)"
        case .resolution(let reason): "name resolution failed: \(reason)"
        case .connection(let reason): "connection failed: \(reason)"
        case .proxy(let reason): "no connection through the proxy: \(reason)"
        case .tls(let reason): "TLS failed: \(reason)"
        case .timedOut(let stage): "timed out during the \(stage.rawValue)"
        case .rejected(let rejection): "the server rejected the upgrade with HTTP status \(rejection.status)"
        case .badUpgrade(let reason): "no valid upgrade: \(reason)"
        case .cancelled: "cancelled"
        }
    }

    /// The same as `description`: a rejection may repeat what was asked.
    public var debugDescription: String { self.description }
}
