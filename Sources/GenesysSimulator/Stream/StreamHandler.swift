import Logging
import NIOCore
import NIOWebSocket

/// One stream: carries out what its pacer and its session decide.
///
/// Receives the client's frames and the tenant's log. Hands messages to the socket. Holds at most
/// `writeBufferBytesMax` and one turn's messages: it writes only while the socket takes bytes.
final class StreamHandler: ChannelInboundHandler, SendingRounds.Sender {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// How long one stream sends before others have their turn.
    private static let turn = TimeAmount.milliseconds(1)
    /// The longest header of a frame without a mask: room for it before each message spares a write.
    private static let headerByteCountMax = 10
    /// The finest step of the clock's production: a timer for each event would cost more than the event.
    private static let timerStep = TimeAmount.milliseconds(1)

    let grant: StreamGrant
    let cloud: SimulatedCloud
    var tenant: TenantState { self.grant.tenant }
    var context: ChannelHandlerContext?
    var life = SocketLife()
    var messageFaults = MessageFaults()
    var framer: MessageFramer
    var pings = OutstandingPings()
    var lastPing: NIODeadline?
    /// When a byte last went either way.
    var lastActivity: NIODeadline
    var idleTimeout: TimeAmount?
    /// The newest ping that came while the socket took nothing: RFC 6455 section 5.5.3 wants no more than that one answered.
    var owedPong: ByteBuffer?
    var drip: ByteDrip?
    var sip: ByteSip?
    var closeFrameWritten: EventLoopFuture<Void>?
    var wakeUp: Scheduled<Void>?
    var silenceEnd: Scheduled<Void>?
    var idleCheck: Scheduled<Void>?
    private(set) var filter: SubscriptionFilter
    private var pacer: BatchPacer
    private var batchCount = 0
    private var isCovering = false
    private var isWaitingForTurn = false
    private var timers: [Scheduled<Void>] = []
    private var nextPing: Scheduled<Void>?

    init(grant: StreamGrant, cloud: SimulatedCloud, now: NIODeadline) {
        self.grant = grant
        self.cloud = cloud
        self.filter = grant.filter
        self.framer = MessageFramer(seed: cloud.configuration.seed)
        self.lastActivity = now
        self.pacer = BatchPacer(
            start: grant.start,
            batchSizeMax: grant.batchSizeMax,
            latency: grant.latency,
            now: now
        )
    }

    /// Where the stream has come to.
    var nextSequence: Int { self.pacer.next }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.tenant.opened(self, now: .now())
        self.isCovering = true
        self.cloud.logger.debug(
            "stream opened",
            metadata: ["connection": "\(self.grant.number)", "tenant": "\(self.tenant.settings.name)"]
        )
        if self.cloud.configuration.closesExpiredStreams {
            self.keep(self.schedule(at: self.grant.tokenExpires) { $0.tokenLifetimeIsOver() })
        }
        if let milliseconds = self.cloud.configuration.idleTimeoutMilliseconds {
            self.watchIdle(.milliseconds(Int64(milliseconds)))
        }
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
        self.life.connectionLost()
        for timer in self.timers { timer.cancel() }
        for timer in [self.wakeUp, self.silenceEnd, self.nextPing, self.idleCheck] { timer?.cancel() }
        self.drip = nil
        self.sip = nil
        self.tenant.ended(self)
        self.noteCoverage()
        self.cloud.logger.debug("stream ended", metadata: ["connection": "\(self.grant.number)"])
    }

    /// Tells the tenant's account when the client gets nothing by this stream any more.
    func noteCoverage() {
        guard self.isCovering, !self.life.isCovering else { return }
        self.isCovering = false
        self.tenant.ledger.coverage.closed(now: .now())
    }

    func schedule(
        at deadline: NIODeadline,
        _ action: @escaping (StreamHandler) -> Void
    ) -> Scheduled<Void> {
        self.cloud.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { action(self) }
    }

    /// Cancels a timer when the stream ends.
    func keep(_ timer: Scheduled<Void>) {
        self.timers.append(timer)
    }

    /// The tenant's resources are others.
    func resourcesChanged() {
        self.filter = SubscriptionFilter(self.grant.subscriptions, resources: self.tenant.resources)
        self.pacer.searchAgain()
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

    /// Whether the socket takes another message.
    func hasRoom(_ context: ChannelHandlerContext) -> Bool {
        context.channel.isWritable && self.drip?.isEmpty ?? true
    }

    /// Sends for as long as there is something to send, the socket takes it and the turn lasts.
    func takeTurn() {
        self.isWaitingForTurn = false
        guard let context = self.context, self.life.maySend else { return }
        self.wakeUp?.cancel()
        if context.channel.isWritable, let payload = self.owedPong {
            self.owedPong = nil
            self.writePong(payload, context: context)
        }
        let start = NIODeadline.now()
        var now = start
        while now - start < Self.turn, self.hasRoom(context) {
            switch self.nextAction(end: self.tenant.pace.end(now: now), now: now) {
            case .send(let sequences):
                self.lastActivity = now
                self.send(sequences, context: context)
            case .wait(let sequence, let deadline):
                context.flush()
                self.wait(for: sequence, deadline: deadline, now: now)
                return
            }
            now = .now()
        }
        context.flush()
        if self.hasRoom(context) { self.sendSoon() }
    }

    private func nextAction(end: Int, now: NIODeadline) -> BatchPacer.Action {
        if self.filter.matchesEverything { return self.pacer.action(end: end, now: now, matches: nil) }
        let filter = self.filter
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
        self.alterEvent(in: sequences)
        let eventsMax = min(sequences.count, self.grant.batchSizeMax)
        let capacity = Self.headerByteCountMax + 512 + eventsMax * (self.cloud.configuration.eventBytes + 1)
        var message = context.channel.allocator.buffer(capacity: capacity)
        message.moveWriterIndex(to: Self.headerByteCountMax)
        message.moveReaderIndex(to: Self.headerByteCountMax)
        self.batchCount += 1
        let events = self.tenant.writer.writeBatch(
            sequences,
            number: self.grant.number << 32 | self.batchCount,
            filter: self.filter,
            into: &message
        )
        let treatment = self.treatment(of: sequences, events: events)
        let copies = events > 0 && self.messageFaults.takeDuplicate() ? 2 : 1
        if copies > 1 { self.tenant.ledger.fired(.duplicateBatch) }
        for _ in 0..<copies {
            self.tenant.ledger.sent(self.grant.number, events: events, nextSequence: sequences.upperBound)
            for frame in self.framer.frames(of: message, treatment: treatment) {
                if frame.opcode == .ping { self.pings.sent(frame.data, ledger: &self.tenant.ledger) }
                context.write(self.wrapOutboundOut(frame), promise: nil)
            }
        }
    }

    func writePong(_ payload: ByteBuffer, context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: .pong, data: payload)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
    }

    private func planPing() {
        guard let milliseconds = self.cloud.configuration.pingIntervalMilliseconds else { return }
        self.nextPing = self.schedule(at: .now() + .milliseconds(Int64(milliseconds))) { stream in
            if let context = stream.context, stream.life.maySend, context.channel.isWritable {
                stream.sendPing(byteCount: 8, context: context)
                context.flush()
            }
            stream.planPing()
        }
    }

    func sendPing(byteCount: Int, context: ChannelHandlerContext) {
        let frame = self.framer.ping(byteCount: byteCount)
        self.pings.sent(frame.data, ledger: &self.tenant.ledger)
        context.write(self.wrapOutboundOut(frame), promise: nil)
    }
}
