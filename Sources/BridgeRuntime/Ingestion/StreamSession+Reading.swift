internal import BridgeCore
internal import Locking
internal import Logging

// What sockets bring.

extension StreamSession {
    func read(_ socket: OpenSocket) async {
        var isRefused = false
        while true {
            switch await socket.connection.next() {
            case .message(let batches):
                // Once refused, nothing more is taken: the rest is left unread until the socket is closed, which always follows. What was
                // read ahead still comes before its end, and is dropped: the source sends it again.
                if isRefused { continue }
                isRefused = await !self.inTurn(socket.id) { await self.handOn(batches, of: socket.id) }
                if isRefused { await socket.closeRequested.wait() }
            case .unreadable(let message):
                if isRefused { continue }
                isRefused = await !self.inTurn(socket.id) { await self.handOn(message, of: socket.id) }
                if isRefused { await socket.closeRequested.wait() }
            case .pong:
                self.perform(self.machine.pongReceived(socket.id, now: self.parts.clock.now))
            case .ended(let end):
                self.sockets[socket.id] = nil
                self.noteEnding(end.cause, reason: end.reason)
                let now = self.parts.clock.now
                self.perform(self.machine.ended(socket.id, end, now: now, random: &self.random))
                return
            case .cancelled:
                return
            }
        }
    }

    /// Runs `body` while no other socket hands a message on. A socket that is being left has nothing to hand on.
    private func inTurn(_ id: SocketID, _ body: () async -> Bool) async -> Bool {
        guard self.machine.concerns(id) else { return true }
        if !self.turn.take() {
            self.machine.heldBack(id, now: self.parts.clock.now)
            await withCheckedContinuation { self.turn.wait($0) }
            self.machine.released(id, now: self.parts.clock.now)
            self.noteDeadline()
        }
        defer { self.turn.release() }
        self.perform(self.machine.messageArrived(id, now: self.parts.clock.now, random: &self.random))
        guard self.machine.mayHandOn(id) else { return true }
        self.noteSocket(id)
        while let gap = self.machine.pendingGap {
            guard await self.handOn(gap, of: id) else { return false }
            self.machine.gapHandedOn(gap)
        }
        return await body()
    }

    /// The first message of a socket may repeat what was received before.
    private func noteSocket(_ id: SocketID) {
        guard self.lastSocket != id else { return }
        if let committed = self.discardedBehind {
            self.filter.discard(behind: committed?.position, keeping: committed?.eventIDs ?? [])
            self.discardedBehind = nil
        }
        if self.lastSocket != nil, self.machine.openSocketCount > 1 {
            self.parts.telemetry.update { $0.rollovers += 1 }
        }
        self.lastSocket = id
        let topics = Set(self.machine.subscribed)
        self.filter.socketChanged(
            resumedFrom: self.machine.resumedFrom,
            bringsMore: !topics.isSubset(of: self.lastTopics)
        )
        self.lastTopics = topics
    }

    /// Hands a message's batches to the queue, in order, waiting while it has no room. A message that is not handed on whole does not
    /// move the position: the source sends it again.
    ///
    /// Returns false if the queue takes nothing more from this socket.
    private func handOn(_ received: [NotificationBatch], of id: SocketID) async -> Bool {
        var batches = received
        let receivedAt = self.parts.clock.now
        let repeated = self.filter.filter(&batches)
        if repeated > 0 {
            // What repeats something has nothing to deliver, and no position to commit. The message ends with what is left.
            batches.removeAll { $0.events.isEmpty && $0.position == nil }
            if let last = batches.indices.last { batches[last].endsMessage = true }
        }
        var events = 0
        var bytes = 0
        for index in batches.indices {
            batches[index].receivedAt = receivedAt
            guard await self.admit(batches[index], of: id) else {
                self.filter.retract(keeping: batches[..<index])
                return false
            }
            events += batches[index].events.count
            bytes += batches[index].bytes.count
        }
        let position = batches.last?.position
        self.perform(self.machine.messageHandedOn(id, position: position, now: self.parts.clock.now))
        let (eventCount, byteCount) = (events, bytes)
        self.parts.telemetry.update {
            $0.messagesReceived += 1
            $0.eventsReceived += UInt64(eventCount)
            $0.bytesReceived += UInt64(byteCount)
            $0.eventsRepeated += UInt64(repeated)
            if position == nil, eventCount > 0 { $0.messagesWithoutPosition += 1 }
        }
        return true
    }
}

// MARK: - What cannot be delivered as an event

extension StreamSession {
    /// Closes and resumes, or puts the message into the dead letters and goes on behind it, as the machine decides.
    ///
    /// Returns false if the queue takes nothing more from this socket.
    private func handOn(_ message: UnreadableMessage, of id: SocketID) async -> Bool {
        let choice = self.machine.unreadableReceived(
            id,
            closeCode: message.closeCode,
            reason: message.reason,
            now: self.parts.clock.now
        )
        switch choice {
        case .ignore:
            return true
        case .resume(let actions):
            self.perform(actions)
            return true
        case .skip(let gap):
            self.parts.logger.error(
                "the message came twice and is skipped; it goes to the dead letters",
                metadata: ["reason": "\(message.reason)", "bytes": "\(message.byteCount)"]
            )
            var deadLetter = NotificationBatch(message, of: self.parts.stream)
            deadLetter.receivedAt = self.parts.clock.now
            guard await self.admit(deadLetter, of: id), await self.handOn(gap, of: id) else { return false }
            self.parts.telemetry.update { $0.messagesDeadLettered += 1 }
            return true
        }
    }

    /// Hands the record of a gap to the queue.
    private func handOn(_ gap: StreamGap, of id: SocketID) async -> Bool {
        let topics = gap.topics ?? self.machine.registry.active
        var batch = NotificationBatch(
            GapRecord(
                stream: self.parts.stream,
                subscriptions: topics.map(self.parts.label),
                from: gap.from,
                to: gap.to,
                cause: gap.cause,
                certainty: gap.certainty,
                resolution: gap.resolution,
                noticedAtMilliseconds: self.parts.clock.wallMilliseconds
            )
        )
        batch.receivedAt = self.parts.clock.now
        guard await self.admit(batch, of: id, recording: gap) else { return false }
        self.parts.telemetry.update { $0.gaps[gap.cause.rawValue, default: 0] += 1 }
        self.parts.logger.warning(
            "a gap is recorded",
            metadata: ["cause": "\(gap.cause.rawValue)", "certainty": "\(gap.certainty.rawValue)"]
        )
        return true
    }

    /// Gives a batch to the queue, waiting while it has no room. Returns false if the queue takes nothing more from this socket.
    private func admit(_ batch: NotificationBatch, of id: SocketID, recording gap: StreamGap? = nil) async -> Bool {
        var admission = self.parts.queue.offer(batch)
        if admission == .full {
            self.machine.heldBack(id, now: self.parts.clock.now)
            self.noteDeadline()
            admission = await self.parts.queue.send(batch)
            self.machine.released(id, now: self.parts.clock.now)
            self.noteDeadline()
        }
        guard admission == .admitted else { return false }
        if let gap {
            let acknowledged = self.parts.telemetry.snapshot.batchesAcknowledged
            self.gapsInFlight.gapAdmitted(gap, acknowledged: acknowledged)
        } else {
            self.gapsInFlight.batchAdmitted()
        }
        return true
    }
}
