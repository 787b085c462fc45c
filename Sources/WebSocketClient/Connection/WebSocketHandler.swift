internal import DequeModule
internal import NIOCore
internal import NIOSSL

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Drives `FrameAssembler` and `CloseHandshake` from a channel, answers pings, and stops reading while the consumer
/// is behind.
///
/// *Receives* what the socket read. *Hands to* `Mailbox`. *Holds at most* what one pass of reading delivered and the
/// mailbox had no room for; when the peer has closed, that is all that the kernel's receive buffer held.
final class WebSocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Received bytes that have not been looked at.
    private struct Input {
        var bytes: ByteBuffer
        /// The memory behind `bytes`, until the first message that keeps it alive is charged with it.
        var unchargedBytes: Int
    }

    /// What an event costs beyond its payload: the event itself and its place in the queue.
    private static let eventOverheadBytes = 128
    /// Pongs and pings of one pass beyond this are answered by the latest only (RFC 6455 section 5.5.3).
    private static let controlBytesMax = 32 * 1024
    /// A read that fills less than this part of its buffer is copied, so that a small message does not keep a large
    /// buffer alive, and the buffer can be used for the next read.
    private static let sparseReadDivisor = 4

    private let mailbox: Mailbox
    private let closeTimeout: TimeAmount
    private var assembler: FrameAssembler
    private var handshake = CloseHandshake()
    private var context: ChannelHandlerContext?

    private var inputs = Deque<Input>()
    private var batch: [Mailbox.Entry] = []
    private var statistics = WebSocketStatistics()
    private var isHeldBack = false
    private var isReadWithheld = false
    private var isParsing = false

    private var controlFrames = ByteBuffer()
    private var latestPong: ByteBuffer?
    private var latestPing: ByteBuffer?

    private var deadline: Scheduled<Void>?
    private var transportEnd: String?
    private var transportError: String?

    init(mailbox: Mailbox, limits: FrameLimits, deflate: DeflateAgreement? = nil, closeTimeout: TimeAmount) {
        self.mailbox = mailbox
        self.closeTimeout = closeTimeout
        self.assembler = FrameAssembler(limits: limits, deflate: deflate)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        self.statistics.bytesReceived &+= UInt64(bytes.readableBytes)
        guard self.handshake.readsFrames else { return }
        self.inputs.append(Self.input(holding: bytes))
        self.parse()
    }

    func read(context: ChannelHandlerContext) {
        if self.isHeldBack {
            self.isReadWithheld = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.sendControlFrames()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.transportError == nil {
            self.transportError = TransportFailure.describe(error)
        }
        self.dropTransport(reset: false)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.transportEnd = self.transportError ?? "the connection was closed without a close frame"
        self.deadline?.cancel()
        self.parse()
        context.fireChannelInactive()
    }

    // MARK: The consumer's calls, on the event loop

    /// The mailbox has room again.
    func resumeReading() {
        self.isHeldBack = false
        self.parse()
    }

    /// The consumer has taken the last event.
    func consumerReachedEnd() {
        self.perform(self.handshake.consumerReachedEnd())
    }

    /// Writes an encoded data frame; the future ends when it has left for the kernel.
    func send(_ frame: ByteBuffer) -> EventLoopFuture<Void>? {
        guard self.handshake.allowsSending, let context = self.activeContext else { return nil }
        let promise = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(Self.wrapOutboundOut(frame), promise: promise)
        return promise.futureResult
    }

    /// Sends a ping, or keeps it as the latest one while the peer does not read. False when closed.
    func ping(_ payload: ByteBuffer) -> Bool {
        guard self.handshake.allowsSending, self.activeContext != nil else { return false }
        self.latestPing = payload
        self.sendControlFrames()
        return true
    }

    func close(code: WebSocketCloseCode, reason: String) {
        self.perform(self.handshake.close(code: code, reason: reason))
        // What is still unread can only matter for the peer's answer now.
        self.resumeReading()
    }

    func abort() {
        self.perform(self.handshake.abort())
    }

    // MARK: Reading

    private static func input(holding bytes: ByteBuffer) -> Input {
        guard bytes.readableBytes < bytes.storageCapacity / Self.sparseReadDivisor else {
            return Input(bytes: bytes, unchargedBytes: bytes.storageCapacity)
        }
        let copy = ByteBuffer(bytes: bytes.readableBytesView)
        return Input(bytes: copy, unchargedBytes: copy.storageCapacity)
    }

    /// Looks at the received bytes as far as there is room for what they hold.
    private func parse() {
        guard !self.isParsing else { return }
        self.isParsing = true
        var room = self.mailbox.push(&self.batch, statistics: self.statistics)
        var isFull = false
        while !isFull, self.handshake.readsFrames, var input = self.inputs.popFirst() {
            var isUsedUp = false
            while !isFull, !isUsedUp, self.handshake.readsFrames {
                if room <= 0 && self.handshake.isOpen { room = self.deliver() }
                isFull = room <= 0 && self.handshake.isOpen
                if !isFull { isUsedUp = self.step(&input, room: &room) }
            }
            if isFull { self.inputs.prepend(input) }
        }
        if !self.handshake.readsFrames { self.inputs.removeAll() }
        // A full mailbox has already promised to call `resumeReading`; another push could take that back.
        if !isFull { isFull = self.deliver() <= 0 && self.handshake.isOpen }
        self.isHeldBack = isFull
        self.isParsing = false
        self.sendControlFrames()
        self.continueAfterParsing()
    }

    /// One step of the assembler; true when the input is used up.
    private func step(_ input: inout Input, room: inout Int) -> Bool {
        switch self.assembler.next(&input.bytes) {
        case .needMoreBytes:
            return true
        case .message(let message, let sharesInput):
            guard self.handshake.isOpen else {
                self.statistics.messagesDiscarded &+= 1
                return false
            }
            var heldBytes = message.payload.storageCapacity
            if sharesInput {
                heldBytes = input.unchargedBytes
                input.unchargedBytes = 0
            }
            room -= self.enqueue(.message(message), heldBytes: heldBytes)
        case .unreadable(let message):
            guard self.handshake.isOpen else {
                self.statistics.messagesDiscarded &+= 1
                return false
            }
            room -= self.enqueue(.unreadable(message), heldBytes: message.prefix.storageCapacity)
        case .pong(let payload):
            guard self.handshake.isOpen else { return false }
            room -= self.enqueue(.pong(payload), heldBytes: payload.storageCapacity)
        case .ping(let payload):
            self.answer(payload)
        case .close(let close):
            _ = self.deliver()
            self.perform(self.handshake.receivedClose(close))
        case .violation(let violation):
            _ = self.deliver()
            self.perform(self.handshake.received(violation))
        }
        return false
    }

    private func enqueue(_ event: WebSocketEvent, heldBytes: Int) -> Int {
        let heldBytes = heldBytes + Self.eventOverheadBytes
        self.batch.append(Mailbox.Entry(event: event, heldBytes: heldBytes))
        return heldBytes
    }

    private func deliver() -> Int {
        self.statistics.framesReceived = self.assembler.frameCount
        self.statistics.fragmentedMessagesReceived = self.assembler.fragmentedMessageCount
        return self.mailbox.push(&self.batch, statistics: self.statistics)
    }

    private func continueAfterParsing() {
        guard !self.isHeldBack else { return }
        if let transportEnd = self.transportEnd {
            self.perform(self.handshake.transportEnded(description: transportEnd))
        } else if self.isReadWithheld {
            self.isReadWithheld = false
            self.context?.read()
        }
    }

    // MARK: Writing

    private var activeContext: ChannelHandlerContext? {
        guard let context = self.context, context.channel.isActive, self.transportEnd == nil else { return nil }
        return context
    }

    private func answer(_ ping: ByteBuffer) {
        guard self.handshake.isOpen, let context = self.activeContext else { return }
        if context.channel.isWritable && self.controlFrames.readableBytes < Self.controlBytesMax {
            self.encode(.pong, payload: ping)
        } else {
            self.latestPong = ping
        }
    }

    private func encode(_ opcode: WebSocketOpcode, payload: ByteBuffer) {
        let maskingKey = UInt32.random(in: .min ... .max)
        FrameEncoder.encode(opcode, payload: payload, maskingKey: maskingKey, into: &self.controlFrames)
    }

    private func sendControlFrames() {
        guard self.handshake.allowsSending, let context = self.activeContext, context.channel.isWritable else { return }
        if let pong = self.latestPong.take() { self.encode(.pong, payload: pong) }
        if let ping = self.latestPing.take() { self.encode(.ping, payload: ping) }
        self.flushControlFrames(context)
    }

    private func flushControlFrames(_ context: ChannelHandlerContext) {
        guard self.controlFrames.readableBytes > 0 else { return }
        context.writeAndFlush(Self.wrapOutboundOut(self.controlFrames), promise: nil)
        self.controlFrames = ByteBuffer()
    }

    // MARK: Ending

    private func perform(_ actions: [CloseHandshake.Action]) {
        for action in actions {
            switch action {
            case .sendClose(let code, let reason):
                guard let context = self.activeContext else { continue }
                self.encode(.close, payload: FrameEncoder.closePayload(code: code, reason: reason))
                self.flushControlFrames(context)
            case .report(let close):
                if self.mailbox.finish(close) { self.consumerReachedEnd() }
            case .armDeadline:
                self.armDeadline()
            case .dropTransport(let reset):
                self.dropTransport(reset: reset)
            }
        }
    }

    private func armDeadline() {
        guard let context = self.activeContext else { return }
        self.deadline?.cancel()
        self.deadline = context.eventLoop.assumeIsolated().scheduleTask(in: self.closeTimeout) {
            self.perform(self.handshake.deadlinePassed())
        }
    }

    /// Closes the socket itself: a TLS handler would first wait for the peer's half of the TLS shutdown.
    private func dropTransport(reset: Bool) {
        guard let context = self.context else { return }
        if reset, let options = context.channel as? any SocketOptionProvider {
            // Executed at once on the event loop; a socket that refuses it is closed all the same.
            _ = options.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        }
        let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLClientHandler.self)
        (tls ?? context).close(mode: .all, promise: nil)
    }
}
