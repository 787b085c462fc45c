public import NIOCore

/// What is known of a message that was skipped because it cannot be read.
public struct UnreadableWebSocketMessage: Equatable, Sendable {
    /// Its first bytes.
    public var prefix: ByteBuffer
    /// How many bytes it had.
    public var byteCount: Int
    /// SHA-256 of all of them, in hexadecimal.
    public var sha256: String
    /// The number of frames it came in.
    public var fragmentCount: Int
    /// The close code that says what is wrong: 1007 or 1009.
    public var code: WebSocketCloseCode
    /// What is wrong, in words. Never holds received bytes.
    public var reason: String
}
