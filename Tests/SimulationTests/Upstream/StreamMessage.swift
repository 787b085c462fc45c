import BridgeCore

/// What a server's message holds.
struct StreamMessage {
    var sequences: [Int]
    /// The event that its position lies behind; nil: it has no position.
    var positionSequence: Int?
    /// Whether its bytes are broken.
    var isBroken = false
}

/// What a socket brings.
enum SocketEvent {
    case message(StreamMessage)
    case pong
    case ended(ConnectionEnd)
}
