public import BridgeCore
internal import Locking
public import Logging

/// Carries out what one topic set's `ChannelMachine` decides: makes channels, subscribes, opens sockets, reads them, pings, closes.
///
/// - Receives: messages from the sockets of the topic set's channels; from several of them during a rollover.
/// - Hands to: a `ChannelSink`, batches in order, one hand-over at a time.
/// - Holds at most: one batch of each socket, while the sink takes others, which are 1 MiB and a batch together.
public actor ChannelSession {
    /// What a session works with.
    public struct Parts: Sendable {
        /// The stream, as gap records and logs name it.
        public var stream: StreamID
        /// Opens sockets.
        public var source: any ChannelSource
        /// Makes channels.
        public var service: any ChannelService
        /// The tenant's tokens.
        public var tokens: any AccessTokenProvider
        /// Lets sockets be opened.
        public var gate: HostGate
        /// Lets channels be made beside living ones.
        public var places: ChannelPlaceLine
        /// Where everything goes.
        public var sink: any ChannelSink
        /// The clocks.
        public var clock: any BridgeClock
        /// The stream's counters.
        public var telemetry: StreamTelemetry
        /// How a topic is named in gap records, logs and status pages.
        public var label: @Sendable (String) -> String
        /// Says what happens.
        public var logger: Logger

        /// The given parts.
        public init(
            stream: StreamID,
            source: any ChannelSource,
            service: any ChannelService,
            tokens: any AccessTokenProvider,
            gate: HostGate,
            places: ChannelPlaceLine,
            sink: any ChannelSink,
            clock: any BridgeClock,
            telemetry: StreamTelemetry,
            label: @escaping @Sendable (String) -> String = { $0 },
            logger: Logger
        ) {
            self.stream = stream
            self.source = source
            self.service = service
            self.tokens = tokens
            self.gate = gate
            self.places = places
            self.sink = sink
            self.clock = clock
            self.telemetry = telemetry
            self.label = label
            self.logger = logger
        }
    }

    /// What takes time: carried out by a task of its own, which reports back to the machine.
    enum Job: Sendable {
        case markTokenBad(AccessToken)
        case awaitToken(ChannelID, newerThan: Int?)
        case awaitPlace(ChannelID)
        case create(ChannelID)
        case subscribe(ChannelID, topics: [String], mode: SubscriptionMode)
        case check(ChannelID)
        case connect(ChannelID, SocketID)
        case read(SocketID)
        case keepGaps
    }

    /// A channel on its way or alive.
    struct Known {
        var token: AccessToken?
        var channel: NotificationChannel?
    }

    /// A socket waits for its turn or for the sink so long before its silence means nothing.
    private static let heldBackAfter = Duration.seconds(1)

    /// Bytes of what had arrived already that are handed on together, but for the last batch of them.
    static let gatheredBytesMax = 1 << 20

    /// Who is woken so late has not been watching.
    private static let standstill = Duration.seconds(1)

    let parts: Parts
    var machine: ChannelMachine
    var random = SystemRandomNumberGenerator()
    var turn = HandOffTurn()
    var channels: [ChannelID: Known] = [:]
    var sockets: [SocketID: any ChannelConnection] = [:]
    /// Since when what a socket brought waits for its turn or for the sink, and whether the machine knows.
    var waiting: [SocketID: (since: Instant, isTold: Bool)] = [:]
    /// Sockets that hand on what they bring, and what wakes those that wait for that.
    var joined: Set<SocketID> = []
    var joining: [SocketID: Wakeup] = [:]
    /// Whether a task is under way to hand the pending gaps on.
    var isKeepingGaps = false
    private var coveredUntil: Instant?
    private var lastStatus: ChannelStatus = .idle
    private var lastRejected: [String: String] = [:]
    private let jobs: AsyncStream<Job>
    let jobsContinuation: AsyncStream<Job>.Continuation
    private let deadlineMoved = Wakeup()
    /// The deadline that the watching task sleeps for, nil where it has none. Only an earlier one need wake it.
    private var watchedDeadline: Instant?
    /// Whether the watching task is awake, and so will look at the deadline before it sleeps again.
    private var isWatcherAwake = true

    /// A session of `machine`.
    public init(machine: ChannelMachine, parts: Parts) {
        self.machine = machine
        self.parts = parts
        (self.jobs, self.jobsContinuation) = AsyncStream.makeStream()
    }

    /// Lives until `stop()` has closed every socket, or until cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchDeadlines() }
            self.perform(self.machine.start())
            for await job in self.jobs {
                group.addTask { await self.carryOut(job) }
            }
            await self.keepGaps()
            group.cancelAll()
        }
    }

    /// Closes every socket; `run()` then returns.
    public func stop() {
        self.perform(self.machine.stop(now: self.parts.clock.now))
    }

    /// The topic set is this from now on. New ones may have had events since `missedSince` already, where that is given.
    public func want(_ topics: [String], missedSince: Instant? = nil) {
        self.perform(self.machine.topicsChanged(topics, missedSince: missedSince, now: self.parts.clock.now))
    }

    // MARK: Time

    private var nextDeadline: Instant? {
        let untold = self.waiting.values.filter { !$0.isTold }.map { $0.since.advanced(by: Self.heldBackAfter) }
        return (untold + [self.machine.nextDeadline].compactMap(\.self)).min()
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            let deadline = self.nextDeadline
            self.watchedDeadline = deadline
            self.isWatcherAwake = false
            await self.deadlineMoved.wait(until: deadline, clock: self.parts.clock)
            self.isWatcherAwake = true
            let now = self.parts.clock.now
            if let deadline, now >= deadline.advanced(by: Self.standstill) { self.machine.stoodStill(now: now) }
            for (id, wait) in self.waiting where !wait.isTold && wait.since.advanced(by: Self.heldBackAfter) <= now {
                self.waiting[id]?.isTold = true
                self.machine.heldBack(id)
            }
            self.perform(self.machine.deadlineReached(now: now, random: &self.random))
        }
    }

    /// Wakes the watching task where it sleeps too long.
    func noteDeadline() {
        guard !self.isWatcherAwake, let deadline = self.nextDeadline else { return }
        if deadline < self.watchedDeadline ?? Instant(nanoseconds: .max) { self.deadlineMoved.signal() }
    }

    /// The wall clock's time at `instant`.
    func wallMilliseconds(_ instant: Instant) -> Int64 {
        let ago = instant.duration(to: self.parts.clock.now)
        return self.parts.clock.wallMilliseconds - ago.wholeNanoseconds / 1_000_000
    }
}

// MARK: - What the machine decides

extension ChannelSession {
    func perform(_ actions: [ChannelAction]) {
        for action in actions { self.perform(action) }
        for wakeup in self.joining.values { wakeup.signal() }
        self.noteStatus()
        self.noteDeadline()
        if self.machine.hasGaps, !self.isKeepingGaps {
            self.isKeepingGaps = true
            self.jobsContinuation.yield(.keepGaps)
        }
    }

    private func perform(_ action: ChannelAction) {
        switch action {
        case .markTokenBad(let serial):
            // Found now, not by the job: the actions behind this one may forget the channel, and its token with it.
            let token = self.channels.values.lazy.compactMap(\.token).first { $0.serial == serial }
            if let token { self.jobsContinuation.yield(.markTokenBad(token)) }
        case .awaitToken(let id, let serial): self.jobsContinuation.yield(.awaitToken(id, newerThan: serial))
        case .awaitPlace(let id): self.jobsContinuation.yield(.awaitPlace(id))
        case .releasePlace(let id): self.parts.places.release(self.holder(id))
        case .create(let id): self.jobsContinuation.yield(.create(id))
        case .subscribe(let id, let topics, let mode):
            self.jobsContinuation.yield(.subscribe(id, topics: topics, mode: mode))
        case .check(let id): self.jobsContinuation.yield(.check(id))
        case .connect(let id, let socket): self.jobsContinuation.yield(.connect(id, socket))
        case .ping(let socket): self.sockets[socket]?.ping()
        case .suspect:
            self.parts.logger.warning("a ping is not answered: events may be missing, and another channel follows")
        case .close(let socket, let reason):
            self.parts.logger.debug("closing a channel's socket", metadata: ["reason": "\(reason)"])
            self.sockets[socket]?.close(reason: reason)
        case .forget(let id): self.channels[id] = nil
        case .holdOffHost(let seconds): self.parts.gate.throttled(retryAfterSeconds: seconds)
        case .hostIsHealthy: self.parts.gate.becameHealthy()
        case .finish: self.jobsContinuation.finish()
        }
    }

    func holder(_ id: ChannelID) -> ChannelPlaceLine.Holder {
        ChannelPlaceLine.Holder(stream: self.parts.stream, channel: id)
    }

    private func carryOut(_ job: Job) async {
        switch job {
        case .markTokenBad(let token): await self.parts.tokens.markBad(token)
        case .awaitToken(let id, let serial): await self.awaitToken(id, newerThan: serial)
        case .awaitPlace(let id):
            await self.parts.places.place(for: self.holder(id))
            self.perform(self.machine.placeGranted(id))
        case .create(let id): await self.create(id)
        case .subscribe(let id, let topics, let mode): await self.subscribe(id, topics, mode)
        case .check(let id): await self.check(id)
        case .connect(let id, let socket): await self.connect(id, socket)
        case .read(let socket): await self.read(socket)
        case .keepGaps: await self.keepGaps()
        }
    }
}

// MARK: - Telling

extension ChannelSession {
    private func noteStatus() {
        let status = self.machine.status(now: self.parts.clock.now)
        self.noteRejected()
        guard status != self.lastStatus else { return }
        self.lastStatus = status
        let shown = SessionStatus(status)
        self.parts.telemetry.update { $0.status = shown }
        switch status {
        case .backingOff(let reason), .evicted(let reason, _), .refused(let reason):
            let seconds = self.machine.nextDeadline.map { self.parts.clock.now.duration(to: $0).inSeconds } ?? 0
            self.parts.logger.warning(
                "no channel is live, and none is tried before a pause ends",
                metadata: ["reason": "\(reason)", "delaySeconds": "\((seconds * 10).rounded() / 10)"]
            )
        case .live: self.parts.logger.info("live", metadata: ["topics": "\(self.machine.topics.count)"])
        case .idle, .connecting, .recovering, .stopping, .finished:
            self.parts.logger.debug("channels: \(status.name)")
        }
    }

    private func noteRejected() {
        let rejected = self.machine.rejectedTopics
        guard rejected != self.lastRejected else { return }
        for (topic, reason) in rejected.sorted(by: { $0.key < $1.key }) where self.lastRejected[topic] != reason {
            self.parts.logger.warning(
                "the server does not bring a topic",
                metadata: ["topic": "\(self.parts.label(topic))", "reason": "\(reason)"]
            )
        }
        self.lastRejected = rejected
        let shown = rejected.map { "\(self.parts.label($0.key)): \($0.value)" }.sorted()
        self.parts.telemetry.update { $0.prunedSubscriptions = shown }
    }

    func noteEnding(_ cause: String, reason: String) {
        self.parts.telemetry.update {
            $0.endings[cause, default: 0] += 1
            $0.lastEnding = "\(cause): \(reason)"
        }
    }

    /// Tells the sink up to when everything is covered, where that has moved. Only while no gap waits: it would be behind what covers it.
    func tellCovered() async {
        guard !self.machine.hasGaps, let at = self.machine.caughtUpAt, at != self.coveredUntil else { return }
        self.coveredUntil = at
        await self.parts.sink.covered(untilMilliseconds: self.wallMilliseconds(at))
    }
}
