import NIOCore
import NIOWebSocket

/// The socket of one channel.
///
/// Receives the client's frames and the events of the channel's topics. Hands messages to the socket, one event each.
/// Holds at most `unreadBytesMax` of them, then it is reset.
final class ChannelSocket: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    let grant: ChannelGrant
    let cloud: SimulatedCloud
    var life = SocketLife()
    private var context: ChannelHandlerContext?
    /// Bytes that were not written for want of room.
    private(set) var unreadBytes = 0
    private var timers: [Scheduled<Void>] = []
    private var heartbeat: Scheduled<Void>?
    private var end: Scheduled<Void>?
    private var isEndAnnounced = false
    private var closeFrameWritten: EventLoopFuture<Void>?

    init(grant: ChannelGrant, cloud: SimulatedCloud) {
        self.grant = grant
        self.cloud = cloud
    }

    var channels: TenantChannels { self.grant.tenant.channels }
    private var settings: ChannelSettings { self.channels.settings }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let now = self.cloud.now()
        self.channels.opened(self, now: now)
        self.planHeartbeat(after: now)
        self.planEnd()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.ended()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.ended()
        context.fireChannelInactive()
    }

    private func ended() {
        guard self.context != nil else { return }
        self.context = nil
        self.life.connectionLost()
        for timer in self.timers { timer.cancel() }
        self.heartbeat?.cancel()
        self.end?.cancel()
        self.channels.ended(self, now: self.cloud.now())
    }

    /// Cancelled when the socket ends.
    func schedule(at deadline: NIODeadline, _ action: @escaping (ChannelSocket) -> Void) {
        self.timers.append(self.task(at: deadline, action))
    }

    private func task(at deadline: NIODeadline, _ action: @escaping (ChannelSocket) -> Void) -> Scheduled<Void> {
        self.cloud.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { action(self) }
    }

    private func planHeartbeat(after time: NIODeadline) {
        let next = time + .milliseconds(Int64(self.settings.heartbeatIntervalMilliseconds))
        self.heartbeat = self.task(at: next) { socket in
            if socket.say(ChannelMessage.heartbeat) {
                socket.channels.ledger.update(socket.grant.number) { $0.heartbeatsSent += 1 }
            }
            socket.planHeartbeat(after: next)
        }
    }

    /// Announces the end of the channel's life, and ends it. A renewal moves both.
    private func planEnd() {
        let now = self.cloud.now()
        guard let channel = self.channels.registry.channel(self.grant.channel.id, now: now) else {
            return self.channels.removeExpired(now: now)
        }
        let lead = TimeAmount.milliseconds(Int64(self.settings.closingLeadMilliseconds))
        let warning = channel.end - lead
        if self.settings.announcesEnd, !self.isEndAnnounced, now >= warning {
            self.isEndAnnounced = true
            self.say(ChannelMessage.socketClosing)
        }
        let next = self.settings.announcesEnd && now < warning ? warning : channel.end
        self.end = self.task(at: next) { $0.planEnd() }
    }

    /// The channel is renewed.
    func renewed() {
        self.isEndAnnounced = false
        self.end?.cancel()
        self.planEnd()
    }

    // MARK: Sending

    /// Writes an event. False when the socket says nothing any more.
    func deliver(_ message: ByteBuffer) -> Bool {
        guard self.life.maySend else { return false }
        self.write(.text, message)
        self.channels.ledger.eventSent(self.grant.number)
        return true
    }

    func flush() {
        self.context?.flush()
    }

    /// Writes a message of the service itself. False when the socket says nothing any more.
    @discardableResult
    func say(_ text: String) -> Bool {
        guard self.life.maySend else { return false }
        self.write(.text, ByteBuffer(string: text))
        self.flush()
        return true
    }

    func write(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) {
        guard let context = self.context else { return }
        let count = payload.readableBytes
        self.unreadBytes += count
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: payload)
        context.write(self.wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in self.unreadBytes -= count }
        if self.unreadBytes > self.settings.unreadBytesMax, self.reset() {
            self.channels.ledger.connectionsOverrun += 1
        }
    }

    /// Closes from this side. False when it is silent or ending already.
    @discardableResult
    func close(code: UInt16, reason: String) -> Bool {
        guard self.life.close() else { return false }
        self.channels.ledger.update(self.grant.number) { $0.serverCloseCode = code }
        self.sendClose(.close(code: code, reason: reason))
        return true
    }

    private func sendClose(_ frame: WebSocketFrame) {
        guard let context = self.context else { return }
        self.closeFrameWritten = context.writeAndFlush(self.wrapOutboundOut(frame))
        self.schedule(at: self.cloud.now() + SocketLife.closeTimeout) { $0.context?.close(promise: nil) }
    }

    /// False when it has ended already.
    func reset() -> Bool {
        guard let context = self.context, self.life.reset() else { return false }
        TransportReset.reset(context.channel)
        return true
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch ClientFrame(self.unwrapInboundIn(data)) {
        case .ping(let payload):
            guard self.settings.answersPings, self.life.maySend else { return }
            self.write(.pong, payload)
            self.flush()
        case .pong: break
        case .close(let code): self.clientClosed(code)
        case .text(let payload): self.clientSaid(payload)
        case .data: self.channels.ledger.violated(.dataFrame)
        case .violation(let violation, let reason): self.failed(violation, reason: reason)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketError {
            self.failed(.malformedFrame, reason: "malformed frame")
        } else {
            context.close(promise: nil)
        }
    }

    private func clientSaid(_ payload: ByteBuffer) {
        switch ClientMessage(Array(payload.readableBytesView)) {
        case .ping: if self.say(ChannelMessage.pong) { self.channels.ledger.pingsAnswered += 1 }
        case .other: self.channels.ledger.violated(.dataFrame)
        }
    }

    private func failed(_ violation: ClientViolation, reason: String) {
        self.channels.ledger.violated(violation)
        self.close(code: 1002, reason: reason)
    }

    private func clientClosed(_ code: UInt16?) {
        self.channels.ledger.update(self.grant.number) { $0.clientCloseCode = code ?? 1005 }
        switch self.life.clientClosed() {
        case .closeFrame:
            self.sendClose(.close(code: code))
            self.closeWhenFlushed()
        case .closeConnection: self.closeWhenFlushed()
        case .nothing: break
        }
    }

    private func closeWhenFlushed() {
        self.closeFrameWritten?.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
    }
}
