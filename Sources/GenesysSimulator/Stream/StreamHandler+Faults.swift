import NIOCore
import NIOWebSocket

extension StreamHandler {
    /// True when the stream took the fault up.
    func begin(_ fault: Fault, now: NIODeadline) -> Bool {
        if self.messageFaults(take: fault) { return true }
        let action = self.life.begin(fault, now: now)
        guard action != .none else { return false }
        switch fault {
        case .tokenExpired: self.cloud.tokens.expire(self.grant.token, now: now)
        case .rateLimited(_, let seconds, let block):
            self.cloud.block(self.grant.address, retryAfterSeconds: seconds, blockMilliseconds: block, now: now)
        case _: break
        }
        // The watch for idleness takes effect when it finds some.
        if fault.kind != .idleTimeout { self.tenant.ledger.fired(fault.kind) }
        self.perform(action)
        return true
    }

    private func messageFaults(take fault: Fault) -> Bool {
        guard self.life.maySend, self.messageFaults.take(fault) else { return false }
        if case .fragmentation(_, let seed) = fault {
            self.framer = MessageFramer(seed: seed ^ UInt64(self.grant.number))
        }
        return true
    }

    func tokenLifetimeIsOver() {
        let action = self.life.close(code: 4001, reason: "token_expired")
        if action != .none { self.tenant.ledger.expiriesOnStream += 1 }
        self.perform(action)
    }

    func perform(_ action: StreamAction) {
        guard let context = self.context else { return }
        switch action {
        case .none: break
        case .close(let code, let reason):
            self.tenant.ledger.serverClosed(self.grant.number, code: code)
            self.sendClose(.close(code: code, reason: reason), context: context)
        case .reset:
            TransportReset.reset(context.channel)
        case .silence(let until):
            self.wakeUp?.cancel()
            self.silenceEnd?.cancel()
            self.silenceEnd = until.map { time in
                self.schedule(at: time) { stream in
                    let now = stream.cloud.now()
                    guard stream.life.wake(now: now) else { return }
                    if now >= stream.grant.tokenExpires, stream.cloud.configuration.closesExpiredStreams {
                        stream.tokenLifetimeIsOver()
                    }
                    stream.sendSoon()
                }
            }
        case .deafness:
            self.wakeUp?.cancel()
            self.silenceEnd?.cancel()
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        case .writeSlowly(let pace): self.writeSlowly(pace, context: context)
        case .readSlowly(let pace): self.readSlowly(pace, context: context)
        case .pings(let count, let bytes):
            for _ in 0..<count { self.sendPing(byteCount: bytes, context: context) }
            context.flush()
        case .watchIdle(let time): self.watchIdle(time)
        }
        self.noteCoverage()
    }

    // MARK: Slowness

    private func writeSlowly(_ pace: SlowPace, context: ChannelHandlerContext) {
        if let drip = self.drip {
            drip.setPace(pace)
        } else {
            let drip = ByteDrip(pace: pace, eventLoop: self.cloud.eventLoop) { self.sendSoon() }
            guard self.addBesideEncoder(drip, context: context) else { return }
            self.drip = drip
        }
        if let until = pace.until { self.keep(self.schedule(at: until) { $0.drip?.setPace(nil) }) }
    }

    private func readSlowly(_ pace: SlowPace, context: ChannelHandlerContext) {
        if let sip = self.sip {
            sip.setPace(pace)
        } else {
            let sip = ByteSip(pace: pace, eventLoop: self.cloud.eventLoop)
            guard self.addBesideEncoder(sip, context: context) else { return }
            self.sip = sip
        }
        if let until = pace.until { self.keep(self.schedule(at: until) { $0.sip?.setPace(nil) }) }
    }

    /// Between the codec of frames and TLS, or the socket.
    private func addBesideEncoder(_ handler: any ChannelHandler, context: ChannelHandlerContext) -> Bool {
        let pipeline = context.pipeline.syncOperations
        guard let encoder = try? pipeline.context(handlerType: WebSocketFrameEncoder.self) else { return false }
        return (try? pipeline.addHandler(handler, position: .before(encoder.handler))) != nil
    }

    // MARK: Idleness

    func watchIdle(_ time: TimeAmount) {
        self.idleTimeout = time
        self.planIdleCheck()
    }

    private func planIdleCheck() {
        guard let time = self.idleTimeout else { return }
        self.idleCheck?.cancel()
        self.idleCheck = self.schedule(at: self.lastActivity + time) { stream in
            let now = stream.cloud.now()
            guard now - stream.lastActivity >= time else { return stream.planIdleCheck() }
            let action = stream.life.begin(.reset, now: now)
            if action != .none { stream.tenant.ledger.fired(.idleTimeout) }
            stream.perform(action)
        }
    }

    // MARK: Messages and events

    /// What is done to the message of these events.
    func treatment(of sequences: Range<Int>, events: Int) -> MessageTreatment {
        if events > 0, let poison = self.messageFaults.takePoison() {
            self.tenant.poison = Poison(
                sequence: sequences.upperBound - 1,
                timesLeft: poison.times,
                damage: poison.damage
            )
            self.tenant.ledger.fired(.poison)
        }
        if let damage = self.tenant.spendPoison(on: sequences) {
            self.tenant.unreadable(sequences, stream: self)
            return .damaged(damage)
        }
        let treatment = self.messageFaults.takeTreatment()
        if let fault = treatment.fault { self.tenant.ledger.fired(fault) }
        if case .damaged = treatment { self.tenant.unreadable(sequences, stream: self) }
        return treatment
    }

    /// Alters one event of the message that goes out now, if that was asked for and there is one.
    func alterEvent(in sequences: Range<Int>) {
        guard self.messageFaults.hasAlterations else { return }
        let writer = self.tenant.writer
        let candidates = sequences.filter { sequence in
            let resource = writer.series.resource(of: sequence)
            return writer.alterations[sequence] == nil
                && self.filter.matches(
                    resource: resource,
                    eventType: writer.eventType(of: sequence, resource: resource)
                )
        }
        guard let sequence = self.cloud.choose(candidates), let alteration = self.messageFaults.takeAlteration() else {
            return
        }
        if self.tenant.writer.alter(sequence, alteration) { self.tenant.ledger.fired(alteration.fault) }
    }
}
