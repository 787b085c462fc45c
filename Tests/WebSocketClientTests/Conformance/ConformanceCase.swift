import Testing

/// What a server sends, and what RFC 6455 says must come of it.
struct ConformanceCase: Sendable, CustomTestStringConvertible {
    enum Received: Equatable, Sendable {
        case text([UInt8], frames: Int)
        case binary([UInt8], frames: Int)
        case pong([UInt8])

        static func text(_ text: String, frames: Int = 1) -> Self { .text(Array(text.utf8), frames: frames) }
    }

    enum End: Equatable, Sendable {
        /// The close frame as it was sent, and the code of the answer (section 5.5.1: usually the same).
        case peerClosed(UInt16?, String, answer: UInt16?)
        /// Section 7.1.7: the connection fails with this code.
        case fails(UInt16)
    }

    /// The class of Autobahn cases it stands for, and what is sent.
    var name: String
    var bytes: [UInt8]
    var received: [Received]
    var pongs: [[UInt8]] = []
    var end: End
    var testDescription: String { self.name }

    /// Good frames: everything is delivered, then a close frame with 1000 ends it.
    static func good(_ name: String, _ frames: [ServerFrame], _ received: [Received], pongs: [[UInt8]] = []) -> Self {
        Self(
            name: name,
            bytes: frames.bytes + ServerFrame.close(1000).bytes,
            received: received,
            pongs: pongs,
            end: .peerClosed(1000, "", answer: 1000)
        )
    }

    /// Frames after which the connection fails. What follows must not be looked at.
    static func bad(
        _ name: String,
        _ frames: [ServerFrame],
        code: UInt16 = 1002,
        _ received: [Received] = [],
        pongs: [[UInt8]] = []
    ) -> Self {
        Self(
            name: name,
            bytes: frames.bytes + [ServerFrame.text("never delivered"), .ping([0xFF])].bytes,
            received: received,
            pongs: pongs,
            end: .fails(code)
        )
    }

    /// A close frame. What follows must not be looked at.
    static func closing(_ name: String, _ frame: ServerFrame, _ end: End) -> Self {
        Self(name: name, bytes: [frame, .text("never delivered"), .ping([0xFF])].bytes, received: [], end: end)
    }
}
