import Logging
import NIOCore
import NIOWebSocket

/// One stream: carries out what its pacer and its session decide.
///
/// Receives the client's frames and the tenant's log. Hands messages to the socket. Holds at most
/// `writeBufferBytesMax` and one turn's messages: it writes only while the socket takes bytes.
final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// How long one stream sends before others have their turn.
    private static let turn = TimeAmount.milliseconds(1)
    /// The longest header of a frame without a mask: room for it before each message spares a write.
    private static let headerByteCountMax = 10
    /// How long the client's close frame is awaited.
    private static let closeTimeout = TimeAmount.seconds(5)
    /// The finest step of the clock's production: a timer for each event would cost more than the event.
    private static let timerStep = TimeAmount.milliseconds(1)

    private let grant: StreamGrant
    private let cloud: SimulatedCloud
    private var tenant: TenantState { self.grant.tenant }
    private var context: ChannelHandlerContext?
    private var session = StreamSession()
    private var pacer: BatchPacer
    private var framer: MessageFramer
    private var batchCount = 0
    private var lastPing: NIODeadline?
    /// The newest ping that came while the socket took nothing: RFC 6455 section 5.5.3 wants no more than that one answered.
    private var owedPong: ByteBuffer?
    private var closeFrameWritten: EventLoopFuture<Void>?
    private var isWaitingForTurn = false
    private var wakeUp: Scheduled<Void>?
    private var expiry: Scheduled<Void>?
    private var silenceEnd: Scheduled<Void>?
    private var nextPing: Scheduled<Void>?
    private var closeDeadline: Scheduled<Void>?

    init(grant: StreamGrant, cloud: SimulatedCloud, now: NIODeadline) {
        self.grant = grant
        self.cloud = cloud
        self.framer = MessageFramer(seed: cloud.configuration.seed)
        self.pacer = BatchPacer(
            start: grant.start,
            batchSizeMax: grant.batchSizeMax,
            latency: grant.latency,
            now: now
        )
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.tenant.streams[self.grant.number] = self
        self.tenant.ledger.opened(self.grant.number, resumedAt: self.grant.resumedAt, start: self.grant.start)
        self.cloud.logger.debug(
            "stream opened",
            metadata: ["connection": "\(self.grant.number)", "tenant": "\(self.tenant.settings.name)"]
        )
        self.expiry = self.schedule(at: self.grant.tokenExpires) { $0.tokenLifetimeIsOver() }
        self.planPing()
        self.sendSoon()
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
        self.session.connectionLost()
        for timer in [self.wakeUp, self.expiry, self.silenceEnd, self.nextPing, self.closeDeadline] { timer?.cancel() }
        self.tenant.streams[self.grant.number] = nil
        self.tenant.ledger.closed(self.grant.number)
        self.cloud.logger.debug("stream ended", metadata: ["connection": "\(self.grant.number)"])
    }

    private func schedule(
        at deadline: NIODeadline,
        _ action: @escaping (StreamHandler) -> Void
    ) -> Scheduled<Void> {
        self.cloud.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { action(self) }
    }

    // MARK: Sending

    /// Asks for a turn of sending.
    func sendSoon() {
        guard !self.isWaitingForTurn else { return }
        self.isWaitingForTurn = true
        self.cloud.rounds.enqueue(self)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.sendSoon() }
        context.fireChannelWritabilityChanged()
    }

    /// Sends for as long as there is something to send, the socket takes it and the turn lasts.
    func takeTurn() {
        self.isWaitingForTurn = false
        guard let context = self.context, self.session.maySend else { return }
        self.wakeUp?.cancel()
        if context.channel.isWritable, let payload = self.owedPong {
            self.owedPong = nil
            self.writeControl(.pong, payload, context: context)
        }
        let start = NIODeadline.now()
        var now = start
        while now - start < Self.turn, context.channel.isWritable {
            switch self.nextAction(end: self.tenant.pace.end(now: now), now: now) {
            case .send(let sequences): self.send(sequences, context: context)
            case .wait(let sequence, let deadline):
                context.flush()
                self.wait(for: sequence, deadline: deadline, now: now)
                return
            }
            now = .now()
        }
        context.flush()
        if context.channel.isWritable { self.sendSoon() }
    }

    private func nextAction(end: Int, now: NIODeadline) -> BatchPacer.Action {
        let filter = self.grant.filter
        if filter.matchesEverything { return self.pacer.action(end: end, now: now, matches: nil) }
        let writer = self.tenant.writer
        return self.pacer.action(end: end, now: now) { sequence in
            let resource = writer.series.resource(of: sequence)
            return filter.matches(resource: resource, eventType: writer.eventType(of: sequence, resource: resource))
        }
    }

    private func wait(for sequence: Int, deadline: NIODeadline, now: NIODeadline) {
        var time = deadline
        if let full = self.tenant.pace.instant(endReaches: sequence + 1) {
            time = min(deadline, max(full, now + Self.timerStep))
        }
        self.wakeUp = self.schedule(at: time) { $0.sendSoon() }
    }

    /// Writes one message.
    private func send(_ sequences: Range<Int>, context: ChannelHandlerContext) {
        let eventsMax = min(sequences.count, self.grant.batchSizeMax)
        let capacity = Self.headerByteCountMax + 512 + eventsMax * (self.cloud.configuration.eventBytes + 1)
        var message = context.channel.allocator.buffer(capacity: capacity)
        message.moveWriterIndex(to: Self.headerByteCountMax)
        message.moveReaderIndex(to: Self.headerByteCountMax)
        self.batchCount += 1
        let events = self.tenant.writer.writeBatch(
            sequences,
            number: self.grant.number << 32 | self.batchCount,
            filter: self.grant.filter,
            into: &message
        )
        self.tenant.ledger.sent(self.grant.number, events: events, nextSequence: sequences.upperBound)
        if !sequences.isEmpty, events > 0, let times = self.session.takePoison() {
            self.tenant.poison = (sequences.upperBound - 1, times)
            self.tenant.ledger.fired(.poison)
        }
        let isPoisoned = self.tenant.spendsPoison(on: sequences)
        let treatment = isPoisoned ? .notJSON : self.session.nextTreatment()
        if !isPoisoned, let fault = treatment.fault { self.tenant.ledger.fired(fault) }
        for frame in self.framer.frames(of: message, treatment: treatment) {
            context.write(self.wrapOutboundOut(frame), promise: nil)
        }
    }

    @discardableResult
    private func writeControl(
        _ opcode: WebSocketOpcode,
        _ payload: ByteBuffer,
        context: ChannelHandlerContext
    ) -> EventLoopFuture<Void> {
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: payload)
        return context.writeAndFlush(self.wrapOutboundOut(frame))
    }

    private func planPing() {
        guard let milliseconds = self.cloud.configuration.pingIntervalMilliseconds else { return }
        self.nextPing = self.schedule(at: .now() + .milliseconds(Int64(milliseconds))) { stream in
            if let context = stream.context, stream.session.maySend, context.channel.isWritable {
                context.writeAndFlush(stream.wrapOutboundOut(stream.framer.ping()), promise: nil)
            }
            stream.planPing()
        }
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        guard frame.maskKey != nil else { return self.failed(.unmaskedFrame, reason: "unmasked frame") }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return self.failed(.malformedFrame, reason: "reserved bits")
        }
        switch frame.opcode {
        case .ping: self.pinged(frame, context: context)
        case .pong: self.tenant.ledger.pongsReceived += 1
        case .connectionClose: self.clientClosed(frame, context: context)
        case .text, .binary, .continuation: self.tenant.ledger.violated(.dataFrame)
        case _: self.failed(.malformedFrame, reason: "unknown opcode")
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOWebSocketError {
            self.failed(.malformedFrame, reason: "malformed frame")
        } else {
            context.close(promise: nil)
        }
    }

    private func pinged(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        let now = NIODeadline.now()
        self.tenant.ledger.pingsReceived += 1
        if let least = self.cloud.configuration.clientPingIntervalMinMilliseconds, let lastPing,
            now - lastPing < .milliseconds(Int64(least))
        {
            self.tenant.ledger.violated(.pingTooSoon)
        }
        self.lastPing = now
        guard self.session.maySend else { return }
        if context.channel.isWritable {
            self.writeControl(.pong, frame.unmaskedData, context: context)
        } else {
            self.owedPong = frame.unmaskedData
        }
    }

    private func failed(_ violation: ClientViolation, reason: String) {
        self.tenant.ledger.violated(violation)
        self.perform(self.session.close(code: 1002, reason: reason))
    }

    private func clientClosed(_ frame: WebSocketFrame, context: ChannelHandlerContext) {
        var payload = frame.unmaskedData
        let code = payload.readInteger(as: UInt16.self)
        self.tenant.ledger.clientClosed(self.grant.number, code: code ?? 1005)
        switch self.session.clientClosed() {
        case .closeFrame:
            self.sendClose(code.map { ByteBuffer(integer: $0) } ?? ByteBuffer(), context: context)
            self.closeWhenFlushed()
        case .closeConnection: self.closeWhenFlushed()
        case .nothing: break
        }
    }

    private func sendClose(_ payload: ByteBuffer, context: ChannelHandlerContext) {
        self.wakeUp?.cancel()
        self.closeFrameWritten = self.writeControl(.connectionClose, payload, context: context)
        self.closeDeadline = self.schedule(at: .now() + Self.closeTimeout) { $0.context?.close(promise: nil) }
    }

    /// The close frame may still wait behind messages: it is not to be lost.
    private func closeWhenFlushed() {
        self.closeFrameWritten?.assumeIsolated().whenComplete { _ in self.context?.close(promise: nil) }
    }

    // MARK: Faults

    /// True when the stream took the fault up.
    func begin(_ fault: Fault, now: NIODeadline) -> Bool {
        let action = self.session.begin(fault, now: now)
        switch fault {
        case .fragmentation(_, let seed):
            self.framer = MessageFramer(seed: seed ^ UInt64(self.grant.number))
            return self.session.maySend
        case .invalidJSON, .poison, .invalidUTF8, .oversizedMessage: return self.session.maySend
        case .tokenExpired, .goingAway, .reset, .stall, .rateLimited, .invalidSubscription, .rejectUpgrade,
            .tokenRefusal,
            .halfOpen, .inclusiveReplay, .positionLost:
            break
        }
        guard action != .none else { return false }
        if fault == .tokenExpired { self.cloud.tokens.expire(self.grant.token, now: now) }
        self.tenant.ledger.fired(fault.kind)
        self.perform(action)
        return true
    }

    private func tokenLifetimeIsOver() {
        let action = self.session.close(code: 4001, reason: "token_expired")
        if action != .none { self.tenant.ledger.expiriesOnStream += 1 }
        self.perform(action)
    }

    private func perform(_ action: StreamSession.Action) {
        guard let context = self.context else { return }
        switch action {
        case .none: break
        case .close(let code, let reason):
            var payload = ByteBuffer(integer: code)
            payload.writeString(reason)
            self.sendClose(payload, context: context)
        case .reset:
            TransportReset.reset(context.channel)
        case .silence(let until):
            self.wakeUp?.cancel()
            self.silenceEnd?.cancel()
            self.silenceEnd = until.map { time in
                self.schedule(at: time) { stream in
                    let now = NIODeadline.now()
                    guard stream.session.wake(now: now) else { return }
                    if now >= stream.grant.tokenExpires { stream.tokenLifetimeIsOver() }
                    stream.sendSoon()
                }
            }
        case .deafness:
            self.wakeUp?.cancel()
            self.silenceEnd?.cancel()
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        }
    }
}
