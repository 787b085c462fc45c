/// The life of one topic set's channels (C4–C6, C8): token, channel, subscriptions, socket, first heartbeat or event; watched, followed by
/// another before it ends, dialled again after a loss, made anew where that does not help.
///
/// One method per thing that happens; each returns what to do. It reads no clock and draws no randomness of its own. In each state of each
/// channel either an operation that the driver bounds is in flight or `nextDeadline` is set (`no-dead-wait`). It also keeps the accounts of
/// what may have been missed (`takeGaps`) and takes out copies where two sockets overlap (`received`).
///
/// A driver reports what a socket brings in its order, and only once what came before was handed on: a pong or `readerCaughtUp` says that
/// everything before it is in safe hands.
public struct ChannelMachine: Sendable {
    enum Life: Hashable {
        /// → `running`, `stopping`.
        case idle
        /// → `stopping`.
        case running
        /// Sockets are being closed. → `finished`.
        case stopping
        /// Terminal.
        case finished
    }

    /// A socket that is not anybody's any more, until its end is reported.
    struct Parting: Hashable {
        /// Whether another one covers what it still brings: that is dropped.
        var isCovered: Bool
    }

    /// Where a channel stands in its slot.
    enum Role: Hashable {
        case main, successor
        case retiring(Int)
    }

    struct Place: Hashable {
        var slot: Int
        var role: Role
    }

    /// Life of a channel of which the server does not say when it ends.
    static let lifeAssumed = Duration.seconds(24 * 3600)

    /// Why a socket is closed that has a follower.
    static let unanswered = "a ping was not answered, and another one is live"

    /// From one ping to the next where only a proof is missing.
    static let proofInterval = Duration.milliseconds(250)

    /// Times and limits.
    public let policy: ChannelPolicy
    var life = Life.idle
    var slots: [ChannelSlot]
    /// What is wanted, in order.
    public internal(set) var topics: [String]
    var coverage: ChannelCoverage
    var overlap: OverlapFilter
    var evictions: EvictionLimit
    var pongLimit: PongLimit
    /// How often channels were followed because of a missing answer: as rarely as evicted ones.
    var suspicions: EvictionLimit
    var partings: [SocketID: Parting] = [:]
    /// Channels that wait for a place or have one.
    var placeHolders: Set<ChannelID> = []
    var newestToken = 0
    var lastChannel = 0
    var lastSocket = 0

    /// A machine for `topics`.
    ///
    /// - Parameter lastCaughtUp: `caughtUpAt` of an earlier process, as it was last made durable, on this machine's clock; nil: unknown.
    public init(
        policy: ChannelPolicy,
        topics: [String],
        lastCaughtUp: Instant?,
        overlap: OverlapFilter = OverlapFilter()
    ) {
        self.policy = policy
        self.topics = topics
        self.coverage = ChannelCoverage(topics: topics, lastCaughtUp: lastCaughtUp)
        self.overlap = overlap
        self.evictions = EvictionLimit(policy.eviction, perHourMax: policy.evictionsPerHourMax)
        self.suspicions = self.evictions
        self.pongLimit = PongLimit(timeout: policy.pongTimeout)
        self.slots = Array(repeating: ChannelSlot(policy: policy), count: policy.isRedundant ? 2 : 1)
    }
}

// MARK: - Start and stop

extension ChannelMachine {
    /// Begins.
    public mutating func start() -> [ChannelAction] {
        guard self.life == .idle else { return [] }
        self.life = .running
        return self.beginAll()
    }

    mutating func beginAll() -> [ChannelAction] {
        guard !self.topics.isEmpty else { return [] }
        return self.slots.indices.flatMap { self.beginMain($0, tokenNewerThan: nil) }
    }

    /// Ends: every socket is closed. What was not read is a gap of the next process, which begins at `caughtUpAt`.
    public mutating func stop(now: Instant) -> [ChannelAction] {
        switch self.life {
        case .idle, .running: break
        case .stopping, .finished: return []
        }
        self.life = .stopping
        return self.dropAll(now: now) + self.afterStopping()
    }

    /// Gives up every channel.
    mutating func dropAll(now: Instant) -> [ChannelAction] {
        var actions: [ChannelAction] = []
        for index in self.slots.indices {
            let slot = self.slots[index]
            for leg in [slot.main, slot.successor].compactMap(\.self) + slot.retiring.map(\.leg) {
                actions += self.part(leg, reason: "no longer needed", isCovered: false, now: now)
            }
            self.slots[index] = ChannelSlot(policy: self.policy)
        }
        for id in self.placeHolders.sorted(by: { $0.number < $1.number }) { actions += self.releasePlace(id) }
        return actions
    }

    mutating func afterStopping() -> [ChannelAction] {
        guard self.life == .stopping, self.partings.isEmpty else { return [] }
        self.life = .finished
        return [.finish]
    }
}

// MARK: - What is where

extension ChannelMachine {
    /// Gaps that have to be recorded, each once; the oldest first.
    public mutating func takeGaps() -> [ChannelGap] { self.coverage.takePending() }

    /// Whether there are gaps to be taken.
    public var hasGaps: Bool { !self.coverage.pending.isEmpty }

    /// The moment at which a restart would begin its gap, for the driver to make durable behind whatever was received before. Nil: nothing
    /// was observed yet.
    public var caughtUpAt: Instant? {
        guard let at = self.coverage.caughtUpAt else { return nil }
        // Where the process ends now, what was taken for copies without proof is missing.
        return self.overlap.doubtful.compactMap { self.coverage.caughtUpMoment(of: $0) }.reduce(at, min)
    }

    /// Topics that no live socket observes.
    public var unobservedTopics: [String] { self.coverage.unobserved }

    /// Topics that the server does not bring, and why, in words that are safe to print.
    public var rejectedTopics: [String: String] {
        let wanted = Set(self.topics)
        return self.slots.compactMap(\.main).reduce(into: [:]) { result, leg in
            for (topic, reason) in leg.rejected where wanted.contains(topic) { result[topic] = reason }
        }
    }

    /// Sockets that are live.
    public var liveSocketCount: Int {
        self.slots.reduce(0) { $0 + ($1.main?.isLive == true ? 1 : 0) + $1.retiring.count }
    }

    /// Whether a channel is on its way to follow a living one, or the one before it is still read.
    public var isRollingOver: Bool {
        self.slots.contains { $0.successor != nil || !$0.retiring.isEmpty }
    }

    /// Events that are remembered because copies may come.
    public var rememberedEventCount: Int { self.overlap.rememberedCount }

    /// What the machine is doing.
    public func status(now: Instant) -> ChannelStatus {
        switch self.life {
        case .idle: return .idle
        case .stopping: return .stopping
        case .finished: return .finished
        case .running: break
        }
        guard !self.topics.isEmpty else { return .idle }
        guard self.liveSocketCount == 0 else { return .live }
        let pauses = self.slots.compactMap(\.pause)
        if pauses.count == self.slots.count, let pause = pauses.first {
            switch pause.kind {
            case .trouble: return .backingOff(reason: pause.reason)
            case .eviction: return .evicted(reason: pause.reason, count: self.evictions.count(now: now))
            case .refusal: return .refused(reason: pause.reason)
            }
        }
        return self.caughtUpAt == nil ? .connecting : .recovering
    }

    /// Where the channel stands; nil: it was given up.
    func place(of id: ChannelID) -> Place? {
        self.place { $0.id == id }
    }

    func place(of socket: SocketID) -> Place? {
        self.place { $0.socketID == socket }
    }

    private func place(where matches: (ChannelLeg) -> Bool) -> Place? {
        for (index, slot) in self.slots.enumerated() {
            if let leg = slot.main, matches(leg) { return Place(slot: index, role: .main) }
            if let leg = slot.successor, matches(leg) { return Place(slot: index, role: .successor) }
            if let at = slot.retiring.firstIndex(where: { matches($0.leg) }) {
                return Place(slot: index, role: .retiring(at))
            }
        }
        return nil
    }

    subscript(place: Place) -> ChannelLeg {
        get {
            let slot = self.slots[place.slot]
            switch place.role {
            case .main:
                guard let leg = slot.main else { preconditionFailure("a place is that of a channel") }
                return leg
            case .successor:
                guard let leg = slot.successor else { preconditionFailure("a place is that of a channel") }
                return leg
            case .retiring(let index): return slot.retiring[index].leg
            }
        }
        set {
            switch place.role {
            case .main: self.slots[place.slot].main = newValue
            case .successor: self.slots[place.slot].successor = newValue
            case .retiring(let index): self.slots[place.slot].retiring[index].leg = newValue
            }
        }
    }
}
