import NIOCore

/// A close frame as the peer sent it (RFC 6455 sections 5.5.1 and 7.4).
struct PeerClose: Equatable, Sendable {
    /// The code read off the wire, also one that RFC 6455 does not allow there; nil when the frame was empty.
    let code: UInt16?
    /// The reason. Repaired where it is not UTF-8, which only an out-of-range code leaves to see.
    let reason: String

    /// Whether the code may stand in a close frame. 1004, 1005, 1006 and 1015 never may; 1016–2999 are reserved for
    /// later versions of the protocol; below 1000 and from 5000 nothing is defined.
    var isCodeValid: Bool {
        guard let code = self.code else { return true }
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: return true
        default: return false
        }
    }

    /// The code of our answer: theirs, or 1002 where theirs is not allowed.
    var answerCode: UInt16? { self.isCodeValid ? self.code : 1002 }

    init(code: UInt16?, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// Reads the payload of a close frame.
    init(payload: ByteBuffer) throws(FrameViolation) {
        var payload = payload
        guard payload.readableBytes > 0 else {
            self.init(code: nil, reason: "")
            return
        }
        guard let code = payload.readInteger(as: UInt16.self) else {
            throw .protocolError("a close frame with a payload of one byte")
        }
        self.init(code: code, reason: String(buffer: payload))
        var validator = UTF8Validator()
        let isText = validator.accept(payload.readableBytesUInt8Span) && validator.isAtBoundary
        if self.isCodeValid && !isText {
            throw .invalidData("the reason of a close frame with code \(code) is not UTF-8")
        }
    }
}
