/// A frame that the client sent, unmasked.
struct ClientFrame: Equatable, Sendable {
    var isFinal: Bool
    var reserved: UInt8
    var opcode: UInt8
    /// Nil when the frame was not masked, which a client must never do.
    var maskingKey: [UInt8]?
    var payload: [UInt8]

    /// The code of a close frame; nil when it is empty.
    var closeCode: UInt16? {
        self.payload.count >= 2 ? UInt16(self.payload[0]) << 8 | UInt16(self.payload[1]) : nil
    }
}
