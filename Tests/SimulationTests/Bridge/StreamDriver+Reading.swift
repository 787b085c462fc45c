import BridgeCore

// What sockets bring.

extension StreamDriver {
    /// The loop of `StreamSession.read`, as far as it goes without waiting.
    func pump(_ reader: SocketReader) {
        while !reader.isBusy, self.process.isAlive, let event = reader.connection.next() {
            switch event {
            case .message(let message):
                guard !reader.isRefused else { continue }
                reader.isBusy = true
                self.inTurn(reader, { done in self.handOn(message, of: reader, done) }) { isTaken in
                    reader.isRefused = !isTaken
                    if !isTaken, !reader.isCloseRequested {
                        reader.isAwaitingClose = true
                        return
                    }
                    reader.isBusy = false
                    self.process.after(0) { self.pump(reader) }
                }
            case .pong:
                self.perform(self.machine.pongReceived(reader.id, now: self.world.instant))
            case .ended(let end):
                self.ended(reader, end)
            }
        }
    }

    private func ended(_ reader: SocketReader, _ end: ConnectionEnd) {
        self.world.trace { "tenant \(self.tenant.number): socket \(reader.id) ended: \(end)" }
        self.readers.removeAll { $0 === reader }
        let before = self.machine.status
        self.noteHealth(reader)
        self.perform(self.machine.ended(reader.id, end, now: self.world.instant, random: &self.world.random))
        switch end {
        case .lost: self.checkPause(before)
        case .tokenExpired, .throttled, .subscriptionsRejected, .positionLost: break
        }
    }

    private typealias Done = (Bool) -> Void

    /// `StreamSession.inTurn`.
    private func inTurn(_ reader: SocketReader, _ body: @escaping (@escaping Done) -> Void, _ done: @escaping Done) {
        guard self.machine.concerns(reader.id) else { return done(true) }
        let go = {
            self.perform(
                self.machine.messageArrived(reader.id, now: self.world.instant, random: &self.world.random)
            )
            let finish: Done = { isTaken in
                self.releaseTurn()
                done(isTaken)
            }
            guard self.machine.mayHandOn(reader.id) else { return finish(true) }
            self.noteSocket(reader)
            self.handOnGaps(reader) { isTaken in
                if isTaken { body(finish) } else { finish(false) }
            }
        }
        if self.takeTurn() { return go() }
        self.heldBack(reader)
        self.waitForTurn {
            self.released(reader)
            go()
        }
    }

    private func heldBack(_ reader: SocketReader) {
        reader.isHeldBack = true
        self.world.counts.heldBack += 1
        self.machine.heldBack(reader.id, now: self.world.instant)
        self.noteDeadline()
    }

    private func released(_ reader: SocketReader) {
        reader.isHeldBack = false
        reader.lastReleasedAt = self.world.now
        self.machine.released(reader.id, now: self.world.instant)
        self.noteDeadline()
    }

    private func handOnGaps(_ reader: SocketReader, _ done: @escaping Done) {
        guard let gap = self.machine.pendingGap else { return done(true) }
        self.handOn(gap, of: reader) { isTaken in
            guard isTaken else { return done(false) }
            self.machine.gapHandedOn(gap)
            self.handOnGaps(reader, done)
        }
    }

    private func noteSocket(_ reader: SocketReader) {
        guard self.lastSocket != reader.id else { return }
        if let committed = self.discardedBehind {
            self.filter.discard(behind: committed?.position, keeping: committed?.eventIDs ?? [])
            self.discardedBehind = nil
        }
        if self.lastSocket != nil, self.machine.openSocketCount > 1 { self.world.counts.rollovers += 1 }
        self.lastSocket = reader.id
        let topics = Set(self.machine.subscribed)
        self.filter.socketChanged(
            resumedFrom: self.machine.resumedFrom,
            bringsMore: !topics.isSubset(of: self.lastTopics)
        )
        self.lastTopics = topics
        let from = reader.connection.startHead ?? reader.resumedFrom ?? -1
        for topic in self.tenant.wanted where reader.connection.subscribed[topic] {
            self.tenant.truth.owe(topic, from: from)
        }
    }

    // MARK: - Messages

    private func handOn(_ message: StreamMessage, of reader: SocketReader, _ done: @escaping Done) {
        if message.isBroken { return self.handOnBroken(message, of: reader, done) }
        var batches = SimulatedBatch.batches(of: message, in: self.tenant)
        let repeated = self.filter.filter(&batches)
        self.world.counts.repeatsDropped += repeated
        for index in batches.indices { batches[index].receivedAt = self.world.instant }
        self.admit(batches, from: 0, repeated: repeated, of: reader) { isTaken in
            if isTaken {
                reader.hasBatch = true
                let position = batches.last?.position
                self.perform(
                    self.machine.messageHandedOn(reader.id, position: position, now: self.world.instant)
                )
            }
            done(isTaken)
        }
    }

    /// Hands the batches on one after the other; what could not be handed on is taken back.
    private func admit(
        _ batches: [NotificationBatch],
        from first: Int,
        repeated: Int,
        of reader: SocketReader,
        _ done: @escaping Done
    ) {
        var index = first
        while index < batches.count, repeated > 0, batches[index].events.isEmpty, batches[index].position == nil {
            index += 1
        }
        guard index < batches.count else { return done(true) }
        self.admit(HandedBatch(batch: batches[index]), of: reader) { isAdmitted in
            guard isAdmitted else {
                self.filter.retract(keeping: batches[..<index])
                return done(false)
            }
            self.admit(batches, from: index + 1, repeated: repeated, of: reader, done)
        }
    }

    private func handOnBroken(_ message: StreamMessage, of reader: SocketReader, _ done: @escaping Done) {
        let choice = self.machine.unreadableReceived(
            reader.id,
            closeCode: 1007,
            reason: "not JSON",
            now: self.world.instant
        )
        switch choice {
        case .ignore:
            done(true)
        case .resume(let actions):
            self.perform(actions)
            done(true)
        case .skip(let gap):
            let unreadable = UnreadableMessage(
                bytes: MessageBytes(Array("not JSON".utf8)),
                byteCount: 8,
                sha256: "00",
                reason: "not JSON",
                closeCode: 1007
            )
            let stream = StreamID(tenant: "t\(self.tenant.number)", stream: "0")
            var batch = HandedBatch(batch: NotificationBatch(unreadable, of: stream))
            batch.deadLettered = message.sequences
            self.admit(batch, of: reader) { isAdmitted in
                if isAdmitted { self.handOn(gap, of: reader, done) } else { done(false) }
            }
        }
    }

    private func handOn(_ gap: StreamGap, of reader: SocketReader, _ done: @escaping Done) {
        let topics = gap.topics ?? self.machine.registry.active
        let record = GapRecord(
            stream: StreamID(tenant: "t\(self.tenant.number)", stream: "0"),
            subscriptions: topics.map(\.label),
            from: gap.from,
            to: gap.to,
            cause: gap.cause,
            certainty: gap.certainty,
            resolution: gap.resolution,
            noticedAtMilliseconds: 0
        )
        var batch = HandedBatch(batch: NotificationBatch(record))
        let startsAtPresent = gap.cause == .missingCheckpoint || gap.cause == .positionLost
        // A poison's events are in the dead letters; its gap says so and covers nothing more.
        let covered =
            gap.cause == .poison
            ? [] : gap.topics == nil ? Array(self.tenant.topics.indices) : topics.map(self.tenant.index(of:))
        batch.gap = RecordedGap(
            cause: gap.cause,
            topics: startsAtPresent && reader.connection.startHead == nil ? [] : covered,
            from: gap.from.map(OpaquePosition.sequence(of:)),
            to: gap.to.map(OpaquePosition.sequence(of:)),
            startHead: startsAtPresent ? reader.connection.startHead : nil
        )
        self.admit(batch, of: reader, recording: gap, done)
    }

    private func admit(
        _ batch: HandedBatch,
        of reader: SocketReader,
        recording gap: StreamGap? = nil,
        _ done: @escaping Done
    ) {
        let admitted = {
            if let gap {
                self.gapsInFlight.gapAdmitted(gap, acknowledged: self.delivery.batchesAcknowledged)
            } else {
                self.gapsInFlight.batchAdmitted()
            }
            done(true)
        }
        switch self.queue.offer(batch) {
        case .admitted: admitted()
        case .refused: done(false)
        case .full:
            self.heldBack(reader)
            self.queue.send(batch) { admission in
                self.released(reader)
                if admission == .admitted { admitted() } else { done(false) }
            }
        }
    }
}
