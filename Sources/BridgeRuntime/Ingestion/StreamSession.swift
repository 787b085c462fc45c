internal import BridgeCore
internal import Locking
internal import Logging

/// Carries out what one stream's `SessionMachine` decides: waits for tokens and turns, opens sockets, reads them, pings, closes, settles.
///
/// - Receives: messages from the stream's socket; from two of them during a rollover.
/// - Hands to: the stream's `BatchQueue`.
/// - Holds at most: one message of each socket, while the queue has no room.
actor StreamSession {
    /// What a session works with.
    struct Parts: Sendable {
        var stream: StreamID
        var source: any NotificationSource
        var validator: any SubscriptionValidator
        var tokens: any AccessTokenProvider
        var gate: HostGate
        var queue: BatchQueue
        var delivery: StreamDelivery
        var clock: any BridgeClock
        var telemetry: StreamTelemetry
        /// How a subscription is named where others read it.
        var label: @Sendable (SubscriptionTopic) -> String = \.label
        var logger: Logger
    }

    /// What takes time: carried out by a task of its own, which reports back to the machine.
    enum Job: Sendable {
        case markTokenBad(serial: Int)
        case awaitToken(SocketID, newerThan: Int?)
        case validate(SocketID, [SubscriptionTopic])
        case awaitTurn(SocketID)
        case connect(SocketID, [SubscriptionTopic], resumeFrom: Position?)
        case read(OpenSocket)
        case settle(discarding: Bool)
    }

    let parts: Parts
    var machine: SessionMachine
    var filter: ReplayFilter
    var random = SystemRandomNumberGenerator()
    var turn = HandOffTurn()
    /// The socket whose message was handed on last.
    var lastSocket: SocketID?
    /// What it asked for.
    var lastTopics: Set<SubscriptionTopic> = []
    /// What was discarded since a message was handed on: what lies behind this position comes again.
    var discardedBehind: Checkpoint??
    var gapsInFlight = GapsInFlight()
    var sockets: [SocketID: OpenSocket] = [:]
    /// The tokens of attempts, by serial. A few: those of sockets that live.
    var tokens: [Int: AccessToken] = [:]
    var attemptSerials: [SocketID: Int] = [:]
    private var lastStatus: SessionStatus = .idle
    private var lastPruned: [SubscriptionTopic: SubscriptionRegistry.Pruned] = [:]
    private let jobs: AsyncStream<Job>
    let jobsContinuation: AsyncStream<Job>.Continuation
    private let deadlineMoved = Wakeup()
    /// The deadline that the watching task sleeps for, nil where it has none. Only an earlier one need wake it.
    private var watchedDeadline: Instant?
    /// Whether the watching task is awake, and so will look at the deadline before it sleeps again.
    private var isWatcherAwake = true

    /// - Parameter committedEventIDs: the last events up to the committed position.
    init(machine: SessionMachine, duplicateWindow: Int, committedEventIDs: [String], parts: Parts) {
        self.machine = machine
        self.filter = ReplayFilter(
            eventCountMax: duplicateWindow,
            resumeFrom: machine.resumePosition,
            eventIDs: committedEventIDs
        )
        self.parts = parts
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

    /// The stream is subscribed to these from now on.
    func subscribe(_ topics: [SubscriptionTopic]) {
        self.perform(self.machine.topicsChanged(topics, now: self.parts.clock.now))
    }

    /// A batch was not acknowledged.
    func deliveryFailed(reason: String) {
        let actions = self.machine.deliveryFailed(reason: reason)
        // What fails behind the first one is no news.
        if !actions.isEmpty {
            self.parts.logger.warning("delivery failed; what follows is read again", metadata: ["reason": "\(reason)"])
        }
        self.perform(actions)
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            let deadline = self.machine.nextDeadline
            self.watchedDeadline = deadline
            self.isWatcherAwake = false
            await self.deadlineMoved.wait(until: deadline, clock: self.parts.clock)
            self.isWatcherAwake = true
            self.perform(self.machine.deadlineReached(now: self.parts.clock.now, random: &self.random))
        }
    }

    /// Wakes the watching task where it sleeps too long.
    func noteDeadline() {
        guard !self.isWatcherAwake, let deadline = self.machine.nextDeadline else { return }
        if deadline < self.watchedDeadline ?? Instant(nanoseconds: .max) { self.deadlineMoved.signal() }
    }
}

// MARK: - What the machine decides

extension StreamSession {
    func perform(_ actions: [SessionAction]) {
        for action in actions { self.perform(action) }
        self.noteStatus()
        self.noteDeadline()
    }

    private func perform(_ action: SessionAction) {
        switch action {
        case .markTokenBad(let serial):
            self.jobsContinuation.yield(.markTokenBad(serial: serial))
        case .awaitToken(let id, let serial):
            self.jobsContinuation.yield(.awaitToken(id, newerThan: serial))
        case .validate(let id, let topics):
            self.jobsContinuation.yield(.validate(id, topics))
        case .awaitTurn(let id):
            self.jobsContinuation.yield(.awaitTurn(id))
        case .connect(let id, let topics, let position):
            self.jobsContinuation.yield(.connect(id, topics, resumeFrom: position))
        case .ping(let id):
            self.sockets[id]?.connection.ping()
        case .close(let id, let code, let reason):
            self.sockets[id]?.connection.close(code: code, reason: reason)
            self.sockets[id]?.closeRequested.signal()
        case .holdOffHost(let seconds):
            self.parts.gate.throttled(retryAfterSeconds: seconds)
        case .hostIsHealthy:
            self.parts.gate.becameHealthy()
        case .stopReading:
            self.parts.queue.refuse()
        case .discardAndSettle:
            self.jobsContinuation.yield(.settle(discarding: true))
        case .drainAndSettle:
            self.jobsContinuation.yield(.settle(discarding: false))
        case .finish:
            self.jobsContinuation.finish()
        }
    }

    private func carryOut(_ job: Job) async {
        switch job {
        case .markTokenBad(let serial):
            if let token = self.tokens[serial] { await self.parts.tokens.markBad(token) }
        case .awaitToken(let id, let serial):
            await self.awaitToken(id, newerThan: serial)
        case .validate(let id, let topics):
            await self.validate(id, topics)
        case .awaitTurn(let id):
            guard (try? await self.parts.gate.turn()) != nil else { return }
            self.perform(self.machine.turnGranted(id))
        case .connect(let id, let topics, let position):
            await self.connect(id, topics, resumeFrom: position)
        case .read(let socket):
            await self.read(socket)
        case .settle(let discarding):
            let committed = await self.parts.delivery.settle(discarding: discarding)
            guard !Task.isCancelled else { return }
            var lost: [StreamGap] = []
            if discarding {
                self.discardedBehind = .some(committed)
                lost = self.gapsInFlight.settled(acknowledged: self.parts.telemetry.snapshot.batchesAcknowledged)
            }
            let now = self.parts.clock.now
            self.perform(
                self.machine.settled(committed: committed?.position, lost: lost, now: now, random: &self.random)
            )
        }
    }
}

// MARK: - Telling

extension StreamSession {
    private func noteStatus() {
        let status = self.shown(self.machine.status)
        self.notePruned()
        guard status != self.lastStatus else { return }
        self.lastStatus = status
        self.parts.telemetry.update { $0.status = status }
        switch status {
        case .parked(let reason):
            self.parts.logger.error("parked: nothing is read until this is mended", metadata: ["reason": "\(reason)"])
        case .backingOff(let reason):
            let seconds = self.machine.nextDeadline.map { self.parts.clock.now.duration(to: $0).inSeconds } ?? 0
            self.parts.logger.warning(
                "reconnecting after a pause",
                metadata: ["reason": "\(reason)", "delaySeconds": "\((seconds * 10).rounded() / 10)"]
            )
        case .idle, .attempting, .open, .closing, .settling, .draining, .finished:
            self.parts.logger.debug("session \(status.name)")
        }
    }

    private func notePruned() {
        // Asked for every message: where nothing changed it costs a comparison.
        guard self.machine.registry.pruned != self.lastPruned else { return }
        let before = self.lastPruned
        self.lastPruned = self.machine.registry.pruned
        let label = self.parts.label
        let entry = { (pruned: (key: SubscriptionTopic, value: SubscriptionRegistry.Pruned)) in
            "\(label(pruned.key)): \(pruned.value.reason)"
        }
        for new in self.lastPruned.filter({ before[$0.key]?.reason != $0.value.reason }).map(entry).sorted() {
            self.parts.logger.warning("a subscription is left out", metadata: ["subscription": "\(new)"])
        }
        let pruned = self.lastPruned.map(entry).sorted()
        self.parts.telemetry.update { $0.prunedSubscriptions = pruned }
    }

    /// The status as others may read it: a machine's reason may name a subscription that is left out.
    private func shown(_ status: SessionStatus) -> SessionStatus {
        func shown(_ reason: String) -> String {
            self.machine.registry.pruned.keys.reduce(reason) { reason, topic in
                let label = self.parts.label(topic)
                return label == topic.label ? reason : reason.replacing(topic.label, with: label)
            }
        }
        switch status {
        case .backingOff(let reason): return .backingOff(reason: shown(reason))
        case .parked(let reason): return .parked(reason: shown(reason))
        case .idle, .attempting, .open, .closing, .settling, .draining, .finished: return status
        }
    }

    func noteEnding(_ cause: String, reason: String) {
        self.parts.telemetry.update {
            $0.endings[cause, default: 0] += 1
            $0.lastEnding = "\(cause): \(reason)"
        }
    }
}
