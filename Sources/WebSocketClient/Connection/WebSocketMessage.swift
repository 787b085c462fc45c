public import NIOCore

/// One whole message, put together from all its frames (RFC 6455 section 5.4).
public struct WebSocketMessage: Equatable, Sendable {
    /// What the payload is.
    public enum Kind: Equatable, Sendable {
        /// UTF-8, checked.
        case text
        /// Any bytes.
        case binary
    }

    /// Text or binary.
    public var kind: Kind

    /// The bytes. A message that came in one frame is a slice of the read buffer, which lives as long as the slice:
    /// copy what is to be kept for long.
    public var payload: ByteBuffer

    /// The number of frames the message came in: 1 when it was not fragmented.
    public var fragmentCount: Int

    /// Makes a message, for example to send it.
    public init(kind: Kind, payload: ByteBuffer, fragmentCount: Int = 1) {
        self.kind = kind
        self.payload = payload
        self.fragmentCount = fragmentCount
    }
}
