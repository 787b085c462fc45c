internal import BridgeCore
internal import Logging

/// Carries out what one stream's `SessionMachine` decides: waits for tokens, opens sockets, reads them, pings, closes, settles.
///
/// - Receives: messages from the stream's socket.
/// - Hands to: the stream's `BatchQueue`.
/// - Holds at most: one message, while the queue has no room.
actor StreamSession {
    /// What takes time: carried out by a task of its own, which reports back to the machine.
    private enum Job: Sendable {
        case markTokenBad
        case awaitToken
        case connect(resumeFrom: Position?)
        case read(any NotificationConnection)
        case settle(discarding: Bool)
    }

    private let stream: StreamID
    private let topics: [SubscriptionTopic]
    private let source: any NotificationSource
    private let tokens: any AccessTokenProvider
    private let queue: BatchQueue
    private let delivery: StreamDelivery
    private let clock: any BridgeClock
    private let telemetry: StreamTelemetry
    private let logger: Logger

    private var machine: SessionMachine
    private var random = SystemRandomNumberGenerator()
    private var token: AccessToken?
    private var refusedToken: AccessToken?
    private var lastStatus: SessionStatus = .idle
    private var connection: (any NotificationConnection)?
    /// Signalled when `connection` is told to close.
    private var closeRequested = Wakeup()
    private let jobs: AsyncStream<Job>
    private let jobsContinuation: AsyncStream<Job>.Continuation
    private let deadlineMoved = Wakeup()
    /// The deadline that the watching task sleeps for, nil where it has none. Only an earlier one need wake it.
    private var watchedDeadline: Instant?
    /// Whether the watching task is awake, and so will look at the deadline before it sleeps again.
    private var isWatcherAwake = true

    init(
        stream: StreamID,
        topics: [SubscriptionTopic],
        machine: SessionMachine,
        source: any NotificationSource,
        tokens: any AccessTokenProvider,
        queue: BatchQueue,
        delivery: StreamDelivery,
        clock: any BridgeClock,
        telemetry: StreamTelemetry,
        logger: Logger
    ) {
        self.stream = stream
        self.topics = topics
        self.machine = machine
        self.source = source
        self.tokens = tokens
        self.queue = queue
        self.delivery = delivery
        self.clock = clock
        self.telemetry = telemetry
        self.logger = logger
        (self.jobs, self.jobsContinuation) = AsyncStream.makeStream()
    }

    /// Lives until `stop()` has drained, or until cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchDeadlines() }
            self.perform(self.machine.start())
            for await job in self.jobs {
                group.addTask { await self.carryOut(job) }
            }
            group.cancelAll()
        }
    }

    /// Stops reading, drains, commits, closes; `run()` then returns.
    func stop() {
        self.perform(self.machine.stop())
    }

    /// A batch was not acknowledged.
    func deliveryFailed(reason: String) {
        self.logger.warning("delivery failed; what follows is read again", metadata: ["reason": "\(reason)"])
        self.perform(self.machine.deliveryFailed(reason: reason))
    }
}

// MARK: - Carrying out

extension StreamSession {
    private func perform(_ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .markTokenBad:
                self.refusedToken = self.token
                self.jobsContinuation.yield(.markTokenBad)
            case .awaitToken:
                self.jobsContinuation.yield(.awaitToken)
            case .connect(let position):
                self.jobsContinuation.yield(.connect(resumeFrom: position))
            case .ping:
                self.connection?.ping()
            case .close(let code, let reason):
                self.connection?.close(code: code, reason: reason)
                self.closeRequested.signal()
            case .stopReading:
                self.queue.refuse()
            case .discardAndSettle:
                self.jobsContinuation.yield(.settle(discarding: true))
            case .drainAndSettle:
                self.jobsContinuation.yield(.settle(discarding: false))
            case .finish:
                self.jobsContinuation.finish()
            }
        }
        self.noteStatus()
        self.noteDeadline()
    }

    private func noteDeadline() {
        guard !self.isWatcherAwake, let deadline = self.machine.nextDeadline else { return }
        if deadline < self.watchedDeadline ?? Instant(nanoseconds: .max) { self.deadlineMoved.signal() }
    }

    private func carryOut(_ job: Job) async {
        switch job {
        case .markTokenBad:
            await self.markRefusedToken()
        case .awaitToken:
            await self.awaitToken()
        case .connect(let position):
            await self.connect(resumeFrom: position)
        case .read(let connection):
            await self.read(connection)
        case .settle(let discarding):
            let committed = await self.delivery.settle(discarding: discarding)
            guard !Task.isCancelled else { return }
            self.perform(
                self.machine.settled(committed: committed?.position, now: self.clock.now, random: &self.random)
            )
        }
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            let deadline = self.machine.nextDeadline
            self.watchedDeadline = deadline
            self.isWatcherAwake = false
            await self.deadlineMoved.wait(until: deadline, clock: self.clock)
            self.isWatcherAwake = true
            self.perform(self.machine.deadlineReached(now: self.clock.now))
        }
    }

    private func markRefusedToken() async {
        guard let refused = self.refusedToken else { return }
        await self.tokens.markBad(refused)
    }

    private func awaitToken() async {
        // Saying it twice is harmless; asking for a token before it is said would bring the refused one back.
        await self.markRefusedToken()
        do {
            self.token = try await self.tokens.token(newerThan: nil)
        } catch {
            return  // Cancelled: the session is over.
        }
        self.perform(self.machine.tokenReady())
    }

    private func connect(resumeFrom position: Position?) async {
        guard let token = self.token else { return }
        do {
            let connection = try await self.source.connect(topics: self.topics, resumeFrom: position, token: token)
            self.connection = connection
            self.closeRequested = Wakeup()
            self.telemetry.update { $0.connections += 1 }
            self.logger.info("connected", metadata: ["resume": position == nil ? "server's present" : "position"])
            self.perform(self.machine.connected(now: self.clock.now))
            // Delivery may have failed, or the end begun, while the socket was being opened.
            if self.machine.status == .open { self.queue.accept() }
            // Refused, the gap stays pending: the socket is being left, and the next one records it.
            if let gap = self.machine.pendingGap, await self.handOn(gap) { self.machine.gapHandedOn() }
            self.jobsContinuation.yield(.read(connection))
        } catch {
            self.noteEnding(error.cause, reason: error.reason)
            self.perform(self.machine.connectFailed(error, now: self.clock.now, random: &self.random))
        }
    }
}

// MARK: - Reading

extension StreamSession {
    private func read(_ connection: any NotificationConnection) async {
        var isRefused = false
        while true {
            switch await connection.next() {
            case .message(let batches):
                // Once refused, nothing more is taken: the rest is left unread until the socket is closed, which always follows. What was
                // read ahead still comes before its end, and is dropped: the source sends it again.
                if isRefused { continue }
                isRefused = await !self.handOn(batches)
                if isRefused { await self.closeRequested.wait() }
            case .unreadable(let message):
                if isRefused { continue }
                isRefused = await !self.handOn(message)
                if isRefused { await self.closeRequested.wait() }
            case .pong:
                self.machine.pongReceived(now: self.clock.now)
            case .ended(let end):
                self.connection = nil
                self.noteEnding(end.cause, reason: end.reason)
                self.perform(self.machine.ended(end, now: self.clock.now, random: &self.random))
                return
            case .cancelled:
                return
            }
        }
    }

    /// Hands a message's batches to the queue, in order, waiting while it has no room. A message that is not handed on whole does not
    /// move the position: the source sends it again.
    ///
    /// Returns false if the queue takes nothing more from this socket.
    private func handOn(_ batches: [NotificationBatch]) async -> Bool {
        let receivedAt = self.clock.now
        var events = 0
        var bytes = 0
        for var batch in batches {
            batch.receivedAt = receivedAt
            guard await self.admit(batch) else { return false }
            events += batch.events.count
            bytes += batch.bytes.count
        }
        let position = batches.last?.position
        self.machine.messageHandedOn(position: position, now: self.clock.now)
        let (eventCount, byteCount) = (events, bytes)
        self.telemetry.update {
            $0.messagesReceived += 1
            $0.eventsReceived += UInt64(eventCount)
            $0.bytesReceived += UInt64(byteCount)
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
    private func handOn(_ message: UnreadableMessage) async -> Bool {
        let choice = self.machine.unreadableReceived(
            closeCode: message.closeCode,
            reason: message.reason,
            now: self.clock.now
        )
        switch choice {
        case .ignore:
            return false
        case .resume(let actions):
            self.perform(actions)
            return false
        case .skip(let gap):
            self.logger.error(
                "the message came twice and is skipped; its bytes go to the dead letters",
                metadata: ["reason": "\(message.reason)", "bytes": "\(message.byteCount)"]
            )
            var deadLetter = NotificationBatch(message, of: self.stream)
            deadLetter.receivedAt = self.clock.now
            guard await self.admit(deadLetter), await self.handOn(gap) else { return false }
            self.telemetry.update { $0.messagesDeadLettered += 1 }
            return true
        }
    }

    /// Hands the record of a gap to the queue.
    private func handOn(_ gap: StreamGap) async -> Bool {
        var batch = NotificationBatch(
            GapRecord(
                stream: self.stream,
                subscriptions: self.topics.map(\.label),
                from: gap.from,
                to: nil,
                cause: gap.cause,
                certainty: gap.certainty,
                resolution: gap.resolution,
                noticedAtMilliseconds: self.clock.wallMilliseconds
            )
        )
        batch.receivedAt = self.clock.now
        guard await self.admit(batch) else { return false }
        self.telemetry.update { $0.gaps[gap.cause.rawValue, default: 0] += 1 }
        self.logger.warning(
            "a gap is recorded",
            metadata: ["cause": "\(gap.cause.rawValue)", "certainty": "\(gap.certainty.rawValue)"]
        )
        return true
    }

    /// Gives a batch to the queue, waiting while it has no room. Returns false if the queue takes nothing more from this socket.
    private func admit(_ batch: NotificationBatch) async -> Bool {
        var admission = self.queue.offer(batch)
        if admission == .full {
            self.machine.heldBack(now: self.clock.now)
            self.noteDeadline()
            admission = await self.queue.send(batch)
            self.machine.released(now: self.clock.now)
            self.noteDeadline()
        }
        return admission == .admitted
    }
}

// MARK: - Telling

extension StreamSession {
    private func noteStatus() {
        let status = self.machine.status
        guard status != self.lastStatus else { return }
        self.lastStatus = status
        self.telemetry.update { $0.status = status }
        switch status {
        case .parked(let reason):
            self.logger.error("parked: nothing is read until this is mended", metadata: ["reason": "\(reason)"])
        case .backingOff(let reason):
            let seconds = self.machine.nextDeadline.map { self.clock.now.duration(to: $0).inSeconds } ?? 0
            self.logger.warning(
                "reconnecting after a pause",
                metadata: ["reason": "\(reason)", "delaySeconds": "\((seconds * 10).rounded() / 10)"]
            )
        case .idle, .awaitingToken, .connecting, .open, .closing, .settling, .draining, .finished:
            self.logger.debug("session \(status.name)")
        }
    }

    private func noteEnding(_ cause: String, reason: String) {
        self.telemetry.update {
            $0.endings[cause, default: 0] += 1
            $0.lastEnding = "\(cause): \(reason)"
        }
    }
}
