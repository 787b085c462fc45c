import BridgeCore

/// One open socket, both of its ends and the network between.
final class ServerSocket {
    unowned(unsafe) let world: World
    unowned(unsafe) let tenant: TenantUpstream
    let subscribed: [Bool]
    /// The last event that was sent or passed over.
    private(set) var cursor: Int
    /// Where the log ended when the socket opened without a position; nil: it resumed.
    let startHead: Int?
    private let resumedFrom: Int?
    private var scanned = -1
    let tokenID: Int
    let openedAt: Nanoseconds
    private var inbound: [SocketEvent] = []
    private var inboundHead = 0
    private var lastArrivalAt: Nanoseconds = 0
    private var inTransit = 0
    /// Whether the server still sends.
    private(set) var isOpen = true
    private var isEndPlanned = false
    private var isRefused = false
    private var isFlushPlanned = false
    private var isBlocked = false
    private var lastSentAt: Nanoseconds
    private var lastMessages: [StreamMessage] = []
    /// Since when nothing comes any more, and nobody says so.
    private(set) var halfOpenSince: Nanoseconds?
    /// Since when no batches come, although pongs do.
    private(set) var silentSince: Nanoseconds?
    /// When batches come again.
    var silentUntil: Nanoseconds?
    /// The reader at the other end.
    var onArrival: (() -> Void)?
    private static let window = 6

    init(_ tenant: TenantUpstream, subscribed: [Bool], resumeFrom: Int?, tokenID: Int) {
        self.world = tenant.world
        self.tenant = tenant
        self.subscribed = subscribed
        let head = tenant.log.count - 1
        self.startHead = resumeFrom == nil ? head : nil
        self.cursor = resumeFrom ?? head
        self.tokenID = tokenID
        self.resumedFrom = resumeFrom
        self.openedAt = tenant.world.now
        self.lastSentAt = tenant.world.now
        if let resumeFrom, tenant.world.plan.isResumeInclusive, resumeFrom >= 0 { self.cursor = resumeFrom - 1 }
        self.planFlush(self.world.draw(5...200) * .millisecond)
        self.planHeartbeat()
    }

    // MARK: - The server's end

    func eventLogged(_ topic: Int) {
        if self.subscribed[topic] { self.planFlush(self.world.draw(1...1_500) * .millisecond) }
    }

    func planFlush(_ delay: Nanoseconds) {
        guard !self.isFlushPlanned, self.isOpen else { return }
        self.isFlushPlanned = true
        self.world.after(delay) {
            self.isFlushPlanned = false
            self.flush()
        }
    }

    private func planHeartbeat() {
        let due = self.lastSentAt + self.world.plan.maxLatency
        self.world.after(due - self.world.now) {
            guard self.isOpen else { return }
            if self.world.now >= self.lastSentAt + self.world.plan.maxLatency { self.sendHeartbeat() }
            self.planHeartbeat()
        }
    }

    private var maySend: Bool {
        guard self.isOpen, self.halfOpenSince == nil, !self.isRefused else { return false }
        if let until = self.silentUntil, self.world.now >= until {
            self.silentUntil = nil
            self.silentSince = nil
        }
        guard self.silentSince == nil else { return false }
        self.isBlocked = self.inbound.count - self.inboundHead + self.inTransit >= Self.window
        return !self.isBlocked
    }

    private func sendHeartbeat() {
        guard self.maySend else {
            self.lastSentAt = self.world.now
            return
        }
        if self.world.plan.heartbeatsMovePosition, !self.hasMore { self.cursor = self.tenant.log.count - 1 }
        // An inclusive resume is not a step back.
        self.send(StreamMessage(sequences: [], positionSequence: max(self.cursor, self.resumedFrom ?? -1)))
    }

    /// Whether there is an event behind the cursor that was asked for. Nothing up to `scanned` is.
    private var hasMore: Bool {
        self.scanned = max(self.scanned, self.cursor)
        while self.scanned + 1 < self.tenant.log.count {
            if self.subscribed[self.tenant.log[self.scanned + 1].topic] { return true }
            self.scanned += 1
        }
        return false
    }

    private func flush() {
        guard self.maySend else { return }
        let count = Int(self.world.draw(1...Int64(self.world.plan.maxBatchSize)))
        var sequences: [Int] = []
        var isBroken = false
        guard self.hasMore else { return }
        var next = self.scanned + 1
        while next < self.tenant.log.count, sequences.count < count {
            if self.subscribed[self.tenant.log[next].topic] {
                sequences.append(next)
                if self.tenant.log[next].brokenCount > 0 {
                    self.world.fire(self.tenant.log[next].brokenCount > 1 ? .poisonPersistent : .poisonTransient)
                    self.tenant.log[next].brokenCount -= 1
                    isBroken = true
                }
            }
            next += 1
        }
        guard let last = sequences.last else { return }
        self.cursor = max(self.cursor, last)
        var message = StreamMessage(sequences: sequences, positionSequence: last, isBroken: isBroken)
        if let oneIn = self.world.plan.positionMissingOneIn, self.world.oneIn(oneIn) { message.positionSequence = nil }
        self.send(message)
        if self.hasMore { self.planFlush(self.world.draw(2...20) * .millisecond) }
    }

    private func send(_ message: StreamMessage) {
        self.lastSentAt = self.world.now
        self.inTransit += 1
        self.world.counts.messages += 1
        self.lastMessages.append(message)
        if self.lastMessages.count > 3 { self.lastMessages.removeFirst() }
        self.arrive(.message(message))
    }

    /// Sends a message once more: the last one, or an older one. Returns whether there is one.
    func sendAgain(older: Bool) -> Bool {
        guard self.maySend, let message = older ? self.lastMessages.first : self.lastMessages.last,
            !message.sequences.isEmpty, !message.isBroken
        else { return false }
        if older, self.lastMessages.count < 3 { return false }
        self.inTransit += 1
        self.arrive(.message(message))
        return true
    }

    /// The server or the network ends it; nil: nobody hears of it.
    func end(_ end: ConnectionEnd, abrupt: Bool) {
        guard self.isOpen, self.halfOpenSince == nil else { return }
        self.isOpen = false
        self.tenant.forget(self)
        guard !self.isEndPlanned else { return }
        self.isEndPlanned = true
        // Behind a closing handshake comes all that was sent; a reset may overtake it.
        if abrupt, self.world.oneIn(2) { self.lastArrivalAt = self.world.now }
        self.arrive(.ended(end))
    }

    /// Accepted, and closed before anything is sent.
    func refuse(_ end: ConnectionEnd) {
        self.isRefused = true
        self.world.after(self.world.draw(1...50) * .millisecond) { self.end(end, abrupt: false) }
    }

    func becomeHalfOpen() { self.halfOpenSince = self.world.now }

    func becomeSilent(for duration: Nanoseconds?) {
        self.silentSince = self.world.now
        self.silentUntil = duration.map { self.world.now + $0 }
        guard let duration else { return }
        self.world.after(duration) {
            self.sendHeartbeat()
            self.planFlush(.millisecond)
        }
    }

    // MARK: - The network

    private func arrive(_ event: SocketEvent) {
        self.lastArrivalAt = max(self.lastArrivalAt, self.world.now + self.world.latency())
        self.world.after(self.lastArrivalAt - self.world.now) {
            if case .message = event { self.inTransit -= 1 }
            // What is behind an end is never seen.
            if case .ended? = self.inbound.last { return }
            self.inbound.append(event)
            self.onArrival?()
        }
    }

    // MARK: - The bridge's end

    /// The next thing that it brings.
    func next() -> SocketEvent? {
        guard self.inboundHead < self.inbound.count else { return nil }
        let event = self.inbound[self.inboundHead]
        self.inboundHead += 1
        if self.inboundHead > 32 {
            self.inbound.removeFirst(self.inboundHead)
            self.inboundHead = 0
        }
        if self.isBlocked { self.planFlush(self.world.latency()) }
        return event
    }

    func ping() {
        guard self.isOpen, self.halfOpenSince == nil else { return }
        self.world.after(self.world.latency()) {
            guard self.isOpen, self.halfOpenSince == nil else { return }
            self.arrive(.pong)
        }
    }

    /// The bridge begins to close; a dead peer does not answer, and the adapter gives up after 5 s.
    func close(reason: String) {
        guard !self.isEndPlanned else { return }
        self.isEndPlanned = true
        let isDead = self.halfOpenSince != nil
        self.world.after(isDead ? 5 * .second : self.world.latency()) {
            self.isOpen = false
            self.tenant.forget(self)
            self.arrive(.ended(.lost(reason: reason)))
        }
    }

    /// The process at the other end is gone.
    func abandon() {
        self.isOpen = false
        self.onArrival = nil
        self.tenant.forget(self)
    }
}
