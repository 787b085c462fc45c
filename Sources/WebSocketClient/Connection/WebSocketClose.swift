/// How a connection ended.
public enum WebSocketClose: Equatable, Sendable {
    /// The peer sent a close frame. The code is the one on the wire, also one that RFC 6455 section 7.4 does not allow
    /// there, such as 400 or 429 (our answer is 1002 then); nil when the frame had none.
    case peerClosed(code: UInt16?, reason: String)
    /// The peer broke the protocol: we closed with 1002, 1007 or 1009 (RFC 6455 section 7.4.1).
    case protocolError(code: UInt16, description: String)
    /// The connection broke without a closing handshake: reset, end of stream, TLS truncation, time-out.
    case transport(description: String)
    /// `close` was called first. The peer need not have answered.
    case closedByUs(code: UInt16)
}

extension WebSocketClose: CustomStringConvertible {
    /// One line for a log.
    public var description: String {
        switch self {
        case .peerClosed(nil, _): "closed by the peer without a code"
        case .peerClosed(.some(let code), let reason): "closed by the peer with \(code) \"\(reason)\""
        case .protocolError(let code, let description): "closed by us with \(code): \(description)"
        case .transport(let description): "connection lost: \(description)"
        case .closedByUs(let code): "closed by us with \(code)"
        }
    }
}
