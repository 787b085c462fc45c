internal import BridgeCore
internal import Locking
internal import Logging

// What sockets bring.

extension ChannelSession {
    func read(_ id: SocketID) async {
        guard let connection = self.sockets[id] else { return }
        var behind: ChannelSocketEvent?
        while true {
            let event: ChannelSocketEvent
            if let waiting = behind.take() { event = waiting } else { event = await connection.next() }
            switch event {
            case .events(let batch):
                await self.join(id)
                // Behind what others are handing on: what is proven of this socket may be about a copy of what they have received.
                await self.inTurn(of: id) { behind = await self.handOn(batch, of: id, from: connection) }
            case .control, .unreadable:
                // Asked before it is handed on: what comes while that takes its time was not read.
                let caughtUpAt = connection.isCaughtUp ? self.parts.clock.now : nil
                await self.inTurn(of: id) { await self.handOn(event, of: id, caughtUpAt: caughtUpAt) }
            case .ended(let reason):
                self.sockets[id] = nil
                self.joined.remove(id)
                self.noteEnding("closed", reason: reason)
                let now = self.parts.clock.now
                self.perform(self.machine.ended(id, reason: reason, now: now, random: &self.random))
                return
            case .cancelled: return
            }
        }
    }

    /// Waits, behind the first event of a socket, until it may come in front of nothing that others still bring.
    private func join(_ id: SocketID) async {
        guard !self.joined.contains(id) else { return }
        self.perform(self.machine.arrived(id, now: self.parts.clock.now))
        if !self.machine.mayHandOn(id) {
            let wakeup = Wakeup()
            self.joining[id] = wakeup
            self.machine.heldBack(id)
            self.noteDeadline()
            while !self.machine.mayHandOn(id), !Task.isCancelled { await wakeup.wait() }
            self.joining[id] = nil
            self.machine.released(id, now: self.parts.clock.now)
            self.noteDeadline()
        }
        self.joined.insert(id)
    }

    /// Hands on what is not an event.
    private func handOn(_ event: ChannelSocketEvent, of id: SocketID, caughtUpAt: Instant?) async {
        switch event {
        case .control(let control):
            let now = self.parts.clock.now
            self.perform(self.machine.controlReceived(id, control, now: now, random: &self.random))
        case .unreadable(let message): await self.handOn(message, of: id)
        case .events, .ended, .cancelled: return
        }
        await self.noteHandedOn(of: id, caughtUpAt: caughtUpAt)
    }

    private func noteHandedOn(of id: SocketID, caughtUpAt: Instant?) async {
        if let caughtUpAt {
            self.perform(self.machine.readerCaughtUp(id, at: caughtUpAt, now: self.parts.clock.now))
        }
        await self.tellCovered()
    }

    /// Runs `body` while nothing else is handed on.
    func inTurn(of id: SocketID? = nil, _ body: () async -> Void) async {
        if !self.turn.take() {
            if let id { self.beginWaiting(id) }
            await withCheckedContinuation { self.turn.wait($0) }
            if let id { self.endWaiting(id) }
        }
        defer { self.turn.release() }
        await body()
    }

    /// Hands on events, and with them what has arrived behind them: the sink makes durable in one go what it is given in one go. Returns what came
    /// behind those and is no event.
    private func handOn(
        _ batch: ChannelBatch,
        of id: SocketID,
        from connection: any ChannelConnection
    ) async -> ChannelSocketEvent? {
        var received = [batch]
        var byteCount = batch.batch.bytes.count
        var behind: ChannelSocketEvent?
        while behind == nil, byteCount < Self.gatheredBytesMax, let event = connection.nextArrived() {
            if case .events(let batch) = event {
                received.append(batch)
                byteCount += batch.batch.bytes.count
            } else {
                behind = event
            }
        }
        // Asked before it is handed on: what comes while that takes its time was not read.
        let caughtUpAt = behind == nil && connection.isCaughtUp ? self.parts.clock.now : nil
        let batches = received.map { self.receive($0, of: id) }.filter { !$0.events.isEmpty }
        if !batches.isEmpty { await self.keep(batches, of: id) }
        await self.noteHandedOn(of: id, caughtUpAt: caughtUpAt)
        return behind
    }

    /// What is new of a batch.
    private func receive(_ received: ChannelBatch, of id: SocketID) -> NotificationBatch {
        var received = received
        let now = self.parts.clock.now
        let (copies, actions) = self.machine.received(&received, from: id, now: now)
        self.perform(actions)
        var batch = received.batch
        batch.receivedAt = now
        let (events, bytes) = (batch.events.count, batch.bytes.count)
        self.parts.telemetry.update {
            $0.messagesReceived += UInt64(events + copies)
            $0.eventsReceived += UInt64(events)
            $0.bytesReceived += UInt64(bytes)
            $0.eventsRepeated += UInt64(copies)
        }
        return batch
    }

    private func handOn(_ message: UnreadableMessage, of id: SocketID) async {
        let now = self.parts.clock.now
        self.parts.logger.error(
            "a message cannot be read; it goes to the dead letters",
            metadata: ["reason": "\(message.reason)", "bytes": "\(message.byteCount)"]
        )
        self.perform(self.machine.unreadableReceived(id, now: now))
        var deadLetter = NotificationBatch(message, of: self.parts.stream)
        deadLetter.receivedAt = now
        self.parts.telemetry.update { $0.messagesDeadLettered += 1 }
        await self.keep([deadLetter] + self.takeGaps(), of: id)
    }

    /// Gives batches to the sink.
    private func keep(_ batches: [NotificationBatch], of id: SocketID) async {
        self.beginWaiting(id)
        let isKept = await self.parts.sink.keep(batches)
        self.endWaiting(id)
        // The sink ends before the session only where both are to end.
        if !isKept { self.stop() }
    }

    /// The socket is not read meanwhile. One that waits long is neither silent nor without answers.
    private func beginWaiting(_ id: SocketID) {
        self.waiting[id] = (self.parts.clock.now, false)
        self.noteDeadline()
    }

    private func endWaiting(_ id: SocketID) {
        guard self.waiting.removeValue(forKey: id)?.isTold == true else { return }
        self.machine.released(id, now: self.parts.clock.now)
        self.noteDeadline()
    }
}

// MARK: - Gaps

extension ChannelSession {
    /// Hands on what is missing.
    func keepGaps() async {
        await self.inTurn {
            self.isKeepingGaps = false
            let gaps = self.takeGaps()
            if !gaps.isEmpty, await !self.parts.sink.keep(gaps) { self.stop() }
            await self.tellCovered()
        }
    }

    private func takeGaps() -> [NotificationBatch] {
        self.machine.takeGaps().map { gap in
            var gap = gap
            gap.topics = gap.topics.map(self.parts.label)
            let record = gap.record(
                of: self.parts.stream,
                noticedAtMilliseconds: self.parts.clock.wallMilliseconds,
                wallMilliseconds: self.wallMilliseconds
            )
            let seconds = gap.from.flatMap { from in gap.to.map { from.duration(to: $0).inSeconds } }
            self.parts.telemetry.update {
                $0.gaps[gap.cause.rawValue, default: 0] += 1
                if let seconds { $0.gapSeconds[gap.cause.rawValue, default: 0] += seconds }
            }
            self.parts.logger.warning(
                "a gap is recorded",
                metadata: [
                    "cause": "\(gap.cause.rawValue)", "certainty": "\(gap.certainty.rawValue)",
                    "from": "\(record.from?.value ?? "unknown")", "to": "\(record.to?.value ?? "open")",
                    "topics": "\(gap.topics.count)",
                ]
            )
            var batch = NotificationBatch(record)
            batch.receivedAt = self.parts.clock.now
            return batch
        }
    }
}
