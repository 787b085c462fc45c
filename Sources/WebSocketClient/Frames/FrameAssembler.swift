import NIOCore

/// Turns the bytes of a WebSocket connection, in pieces of any size, into messages and control frames, and refuses
/// everything that RFC 6455 forbids a server to send.
///
/// *Receives* the buffers read from the socket. *Hands to* `WebSocketHandler` one step at a time. *Holds at most* one
/// unfinished message (`FrameLimits.maxMessageBytes`) and one control frame (125 bytes); with compression, also the
/// inflater's window and a piece of 64 KiB.
struct FrameAssembler: ~Copyable {
    /// What the bytes came to.
    enum Step: Equatable {
        /// Everything was taken in, and nothing is complete.
        case needMoreBytes
        /// A whole message. `sharesInput`: its payload is a slice of the input buffer and keeps that alive.
        case message(WebSocketMessage, sharesInput: Bool)
        /// A whole message that cannot be read; the connection goes on behind it.
        case unreadable(UnreadableWebSocketMessage)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        /// The last step: nothing after a close frame is looked at.
        case close(PeerClose)
        /// The last step: the connection has failed.
        case violation(FrameViolation)
    }

    private struct Start: Equatable {
        var isFinal: Bool
        var isCompressed: Bool
        var opcode: WebSocketOpcode
    }

    private struct Header: Equatable {
        var start: Start
        var length: Int

        var isFinal: Bool { self.start.isFinal }
        var opcode: WebSocketOpcode { self.start.opcode }
    }

    private enum Stage: Equatable {
        /// Before a frame. Followed by `.length`.
        case start
        /// The first byte is known. Followed by `.extendedLength`, `.payload`, `.ended`.
        case length(Start)
        /// `missing` of `size` bytes of a longer length are still to come. Followed by itself, `.payload`, `.ended`.
        case extendedLength(Start, size: Int, missing: Int, value: UInt64)
        /// `missing` bytes of the payload are still to come. Followed by itself, `.start`, `.ended`.
        case payload(Header, missing: Int)
        /// A close frame or a violation was seen. Terminal.
        case ended
    }

    /// A message whose last frame has not come yet.
    private struct PartialMessage {
        var kind: WebSocketMessage.Kind
        var isCompressed: Bool
        var payload = ByteBuffer()
        var fragmentCount = 0
        /// What the frames so far announced, which `payload` may not have reached yet.
        var announcedBytes = 0
        /// What a compressed message came to so far.
        var inflatedBytes = 0
        /// Set as soon as the message is known to be unreadable: from then on it is skipped.
        var skipped: SkippedMessage?
    }

    /// The most that is reserved on the word of a frame header alone.
    private static let reservedBytesMax = 1 << 20

    /// A compressed message that is skipped is inflated all the same, for later ones may refer to it: up to so many times
    /// the largest message. Whatever comes to more is no message but an attack on the processor.
    private static let inflatedMessagesMax = 4

    private let limits: FrameLimits
    private var inflater: MessageInflater?
    private var stage = Stage.start
    private var partial: PartialMessage?
    private var control = ByteBuffer()
    private var validator = UTF8Validator()

    /// The frames whose payload came in whole.
    private(set) var frameCount: UInt64 = 0
    /// The messages that came in more than one frame.
    private(set) var fragmentedMessageCount: UInt64 = 0

    /// What the unfinished message and the unfinished control frame take up, in bytes of memory.
    var heldBytes: Int { (self.partial?.payload.storageCapacity ?? 0) + self.control.storageCapacity }

    /// `deflate`: what was agreed about compression, if anything.
    init(limits: FrameLimits, deflate: DeflateAgreement? = nil) {
        self.limits = limits
        self.inflater = deflate.map { MessageInflater($0) }
    }

    /// Takes bytes off the front of `input` up to the next step.
    mutating func next(_ input: inout ByteBuffer) -> Step {
        do throws(FrameViolation) {
            return try self.advance(&input)
        } catch {
            self.end()
            return .violation(error)
        }
    }

    private mutating func advance(_ input: inout ByteBuffer) throws(FrameViolation) -> Step {
        while true {
            switch self.stage {
            case .start:
                guard let byte = input.readInteger(as: UInt8.self) else { return .needMoreBytes }
                self.stage = try self.begin(byte)
            case .length(let start):
                guard let byte = input.readInteger(as: UInt8.self) else { return .needMoreBytes }
                self.stage = try self.readLength(byte, start)
            case .extendedLength(let start, let size, var missing, var value):
                while missing > 0, let byte = input.readInteger(as: UInt8.self) {
                    value = value << 8 | UInt64(byte)
                    missing &-= 1
                }
                guard missing == 0 else {
                    self.stage = .extendedLength(start, size: size, missing: missing, value: value)
                    return .needMoreBytes
                }
                let length = try Self.checked(value, size: size)
                self.stage = try self.beginPayload(Header(start: start, length: length))
            case .payload(let header, let missing):
                if let step = try self.readPayload(header, missing: missing, from: &input) { return step }
            case .ended:
                return .needMoreBytes
            }
        }
    }

    // MARK: The header (RFC 6455 section 5.2)

    private func begin(_ byte: UInt8) throws(FrameViolation) -> Stage {
        let isCompressed = byte & 0x40 != 0
        guard byte & 0x30 == 0, !isCompressed || self.inflater != nil else {
            throw .protocolError("a reserved bit is set, and no extension that uses it was agreed")
        }
        guard let opcode = WebSocketOpcode(rawValue: byte & 0x0F) else {
            throw .protocolError("the reserved opcode \(byte & 0x0F)")
        }
        let isFinal = byte & 0x80 != 0
        switch opcode {
        case .continuation:
            guard self.partial != nil else {
                throw .protocolError("a continuation frame without a message to continue")
            }
            guard !isCompressed else { throw .protocolError("a continuation frame that says it is compressed") }
        case .text, .binary:
            guard self.partial == nil else { throw .protocolError("a new message inside a fragmented one") }
        case .close, .ping, .pong:
            guard isFinal else { throw .protocolError("a fragmented control frame") }
            guard !isCompressed else { throw .protocolError("a control frame that says it is compressed") }
        }
        return .length(Start(isFinal: isFinal, isCompressed: isCompressed, opcode: opcode))
    }

    private mutating func readLength(_ byte: UInt8, _ start: Start) throws(FrameViolation) -> Stage {
        guard byte & 0x80 == 0 else { throw .protocolError("a masked frame from the server") }
        switch Int(byte) {
        case let length where length < 126:
            return try self.beginPayload(Header(start: start, length: length))
        case let marker:
            guard !start.opcode.isControl else { throw .protocolError("a control frame of more than 125 bytes") }
            let size = marker == 126 ? 2 : 8
            return .extendedLength(start, size: size, missing: size, value: 0)
        }
    }

    private static func checked(_ value: UInt64, size: Int) throws(FrameViolation) -> Int {
        guard let length = Int(exactly: value) else {
            throw .protocolError("a frame length whose highest bit is set")
        }
        guard length >= (size == 2 ? 126 : 65536) else {
            throw .protocolError("a frame length that is not written in the shortest way")
        }
        return length
    }

    private mutating func beginPayload(_ header: Header) throws(FrameViolation) -> Stage {
        guard !header.opcode.isControl else { return .payload(header, missing: header.length) }
        var partial =
            self.partial.take()
            ?? PartialMessage(
                kind: header.opcode == .text ? .text : .binary,
                isCompressed: header.start.isCompressed
            )
        let (announced, overflow) = partial.announcedBytes.addingReportingOverflow(header.length)
        partial.announcedBytes = announced
        if header.length > self.limits.maxFrameBytes {
            try self.skip(
                &partial,
                .tooBig("a frame of \(header.length) bytes; the limit is \(self.limits.maxFrameBytes)")
            )
        } else if !partial.isCompressed, overflow || announced > self.limits.maxMessageBytes {
            try self.skip(&partial, self.tooBigMessage)
        }
        partial.fragmentCount += 1
        guard partial.fragmentCount <= self.limits.maxFragments else {
            throw .tooBig("a message of more than \(self.limits.maxFragments) frames")
        }
        self.partial = partial
        return .payload(header, missing: header.length)
    }

    private var tooBigMessage: FrameViolation {
        .tooBig("a message of more than \(self.limits.maxMessageBytes) bytes")
    }

    /// Begins to skip a message that cannot be read, unless that fails the connection.
    private func skip(_ partial: inout PartialMessage, _ violation: FrameViolation) throws(FrameViolation) {
        guard let prefixBytes = self.limits.unreadablePrefixBytes else { throw violation }
        guard partial.skipped == nil else { return }
        var skipped = SkippedMessage(violation: violation)
        skipped.count(partial.payload)
        // A copy: a slice would keep all of the payload.
        partial.payload = ByteBuffer(bytes: partial.payload.readableBytesView.prefix(prefixBytes))
        partial.skipped = skipped
    }

    /// Counts in a piece of a message that is skipped.
    private func count(_ piece: ByteBuffer, into partial: inout PartialMessage) {
        let room = max(0, (self.limits.unreadablePrefixBytes ?? 0) - partial.payload.readableBytes)
        if let kept = piece.getSlice(at: piece.readerIndex, length: min(room, piece.readableBytes)) {
            Self.append(kept, to: &partial.payload, expecting: 0)
        }
        partial.skipped?.count(piece)
    }

    // MARK: The payload

    private mutating func readPayload(
        _ header: Header,
        missing: Int,
        from input: inout ByteBuffer
    ) throws(FrameViolation) -> Step? {
        guard let piece = input.readSlice(length: min(missing, input.readableBytes)) else { return .needMoreBytes }
        let left = missing - piece.readableBytes
        if header.opcode.isControl {
            return try self.takeControl(piece, header: header, left: left)
        }
        // `take` keeps the payload's storage uniquely referenced, so that appending does not copy it.
        guard var partial = self.partial.take() else { return .needMoreBytes }
        let isLast = left == 0 && header.isFinal
        if left == 0 { self.frameCount &+= 1 }
        if partial.isCompressed {
            try self.inflate(piece, isLast: isLast, into: &partial)
            if isLast { return try self.finish(partial, lastPiece: ByteBuffer()) }
        } else {
            try self.validate(piece, of: &partial)
            if isLast { return try self.finish(partial, lastPiece: piece) }
            self.keep(piece, in: &partial, expecting: left)
        }
        self.partial = partial
        self.stage = left == 0 ? .start : .payload(header, missing: left)
        return left == 0 ? nil : .needMoreBytes
    }

    private mutating func inflate(
        _ piece: ByteBuffer,
        isLast: Bool,
        into partial: inout PartialMessage
    ) throws(FrameViolation) {
        var piece = piece
        while let inflated = try self.inflater?.next(&piece) {
            try self.take(inflated: inflated, into: &partial)
        }
        guard isLast else { return }
        while let inflated = try self.inflater?.nextAtEnd() {
            try self.take(inflated: inflated, into: &partial)
        }
    }

    private mutating func take(inflated: ByteBuffer, into partial: inout PartialMessage) throws(FrameViolation) {
        // What is within the limit is looked at first: what a message fails for must not depend on how it was read.
        let room = max(0, self.limits.maxMessageBytes - partial.inflatedBytes)
        partial.inflatedBytes += inflated.readableBytes
        var rest = inflated
        if let within = rest.readSlice(length: min(room, rest.readableBytes)) {
            try self.validate(within, of: &partial)
            self.keep(within, in: &partial, expecting: 0)
        }
        guard rest.readableBytes > 0 else { return }
        let (bytesMax, overflow) = self.limits.maxMessageBytes
            .multipliedReportingOverflow(by: Self.inflatedMessagesMax)
        guard overflow || partial.inflatedBytes <= bytesMax else { throw self.tooBigMessage }
        try self.skip(&partial, self.tooBigMessage)
        self.keep(rest, in: &partial, expecting: 0)
    }

    private mutating func validate(_ piece: ByteBuffer, of partial: inout PartialMessage) throws(FrameViolation) {
        guard partial.skipped == nil, partial.kind == .text, !self.validator.accept(piece.readableBytesUInt8Span) else {
            return
        }
        try self.skip(&partial, .invalidData("a text message that is not UTF-8"))
    }

    private func keep(_ piece: ByteBuffer, in partial: inout PartialMessage, expecting rest: Int) {
        if partial.skipped == nil {
            Self.append(piece, to: &partial.payload, expecting: rest)
        } else {
            self.count(piece, into: &partial)
        }
    }

    private mutating func finish(
        _ message: PartialMessage,
        lastPiece: ByteBuffer
    ) throws(FrameViolation) -> Step {
        var message = message
        if message.skipped == nil, message.kind == .text, !self.validator.isAtBoundary {
            try self.skip(&message, .invalidData("a text message that ends inside a code point"))
        }
        self.validator.reset()
        self.stage = .start
        if message.fragmentCount > 1 { self.fragmentedMessageCount &+= 1 }
        if message.skipped != nil {
            self.count(lastPiece, into: &message)
            return Self.unreadable(message)
        }
        let sharesInput = !message.isCompressed && message.payload.readableBytes == 0
        if sharesInput {
            message.payload = lastPiece
        } else {
            Self.append(lastPiece, to: &message.payload, expecting: 0)
        }
        return .message(
            WebSocketMessage(kind: message.kind, payload: message.payload, fragmentCount: message.fragmentCount),
            sharesInput: sharesInput
        )
    }

    private static func unreadable(_ message: PartialMessage) -> Step {
        guard let skipped = message.skipped else { return .needMoreBytes }
        return .unreadable(
            UnreadableWebSocketMessage(
                prefix: message.payload,
                byteCount: skipped.byteCount,
                sha256: skipped.sha256,
                fragmentCount: message.fragmentCount,
                code: WebSocketCloseCode(rawValue: skipped.violation.code) ?? .invalidData,
                reason: skipped.violation.reason
            )
        )
    }

    private static func append(_ piece: ByteBuffer, to payload: inout ByteBuffer, expecting rest: Int) {
        guard piece.readableBytes + rest > 0 else { return }
        payload.reserveCapacity(minimumWritableBytes: piece.readableBytes + min(rest, Self.reservedBytesMax))
        payload.writeImmutableBuffer(piece)
    }

    private mutating func takeControl(
        _ piece: ByteBuffer,
        header: Header,
        left: Int
    ) throws(FrameViolation) -> Step {
        self.control.writeImmutableBuffer(piece)
        guard left == 0 else {
            self.stage = .payload(header, missing: left)
            return .needMoreBytes
        }
        self.frameCount &+= 1
        self.stage = .start
        let payload = self.control
        self.control = ByteBuffer()
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close:
            let close = try PeerClose(payload: payload)
            self.end()
            return .close(close)
        case .continuation, .text, .binary: return .needMoreBytes
        }
    }

    private mutating func end() {
        self.stage = .ended
        self.partial = nil
        self.control = ByteBuffer()
    }
}
