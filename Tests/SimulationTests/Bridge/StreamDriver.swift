import BridgeCore

/// What `StreamSession` does: one loop and one switch, in the same order.
final class StreamDriver {
    unowned(unsafe) let process: BridgeProcess
    let tenant: TenantUpstream
    var machine: SessionMachine
    var filter: ReplayFilter
    let queue: QueueDriver
    let committer: CommitterDriver
    let delivery: DeliveryDriver
    private let tokenDriver: TokenDriver
    private var isTurnTaken = false
    private var turnWaiters: [() -> Void] = []
    var lastSocket: SocketID?
    var lastTopics: Set<SubscriptionTopic> = []
    var discardedBehind: Checkpoint??
    var gapsInFlight = GapsInFlight()
    var readers: [SocketReader] = []
    private var tokens: [AccessToken] = []
    private var attemptSerials: [(id: SocketID, serial: Int)] = []
    private var armedDeadline: Nanoseconds?
    private var armings = 0
    /// Operations that were begun and have not reported.
    private var jobCount = 0
    private(set) var isStopped = false
    private var isFinished = false
    private var openSince: Nanoseconds?
    private var closedSince: Nanoseconds?
    var pauses = PauseChecks()

    init(_ process: BridgeProcess, _ tenant: TenantUpstream) {
        self.process = process
        self.tenant = tenant
        let world = process.world
        let committed = process.loaded[tenant.number]
        self.machine = SessionMachine(
            policy: world.plan.session,
            topics: tenant.wantedTopics,
            committed: committed?.position
        )
        self.filter = ReplayFilter(
            eventCountMax: world.plan.duplicateWindow,
            resumeFrom: committed?.position,
            eventIDs: committed?.eventIDs ?? []
        )
        self.queue = QueueDriver(process)
        self.committer = CommitterDriver(process, tenant, self.queue, committed: committed)
        self.delivery = DeliveryDriver(process, tenant, self.queue, self.committer)
        self.tokenDriver = TokenDriver(process, tenant)
    }

    var world: World { self.process.world }

    func start() {
        self.delivery.run { [weak self] reason in
            guard let self else { return }
            self.world.trace { "delivery failed: \(reason)" }
            self.perform(self.machine.deliveryFailed(reason: reason))
        }
        self.perform(self.machine.start())
    }

    func stop() {
        self.isStopped = true
        self.perform(self.machine.stop())
    }

    func subscribe(_ topics: [SubscriptionTopic]) {
        self.perform(self.machine.topicsChanged(topics, now: self.world.instant))
    }

    func abandon() {
        for reader in self.readers { reader.connection.abandon() }
        self.noteOpen(false)
    }

    // MARK: - Deadlines

    func noteDeadline() {
        guard let deadline = self.machine.nextDeadline?.nanoseconds else { return }
        if let armedDeadline, armedDeadline <= deadline { return }
        self.armedDeadline = deadline
        self.armings += 1
        let arming = self.armings
        self.process.after(deadline - self.world.now) {
            guard arming == self.armings, !self.isFinished else { return }
            self.armedDeadline = nil
            self.perform(self.machine.deadlineReached(now: self.world.instant, random: &self.world.random))
        }
    }

    // MARK: - What the machine decides

    func perform(_ actions: [SessionAction]) {
        for action in actions { self.perform(action) }
        self.noteOpen(self.machine.status == .open)
        self.noteDeadline()
    }

    private func perform(_ action: SessionAction) {
        self.world.trace { "tenant \(self.tenant.number): \(action)" }
        switch action {
        case .markTokenBad(let serial):
            self.process.after(self.world.hop()) { self.tokenDriver.markBad(serial: serial) }
        case .awaitToken(let id, let serial):
            self.job { done in
                self.tokenDriver.token(newerThan: serial) { token in
                    done()
                    self.received(token, for: id)
                }
            }
        case .validate(let id, let topics):
            self.job { done in self.validate(id, topics, done) }
        case .awaitTurn(let id):
            self.job { done in
                self.process.gate.turn {
                    done()
                    self.perform(self.machine.turnGranted(id))
                }
            }
        case .connect(let id, let topics, let position):
            self.process.gate.attemptBegins()
            self.job { done in self.connect(id, topics, resumeFrom: position, done) }
        case .ping(let id):
            self.reader(id)?.connection.ping()
        case .close(let id, _, let reason):
            self.close(id, reason: reason)
        case .holdOffHost(let seconds):
            self.process.gate.throttled(retryAfterSeconds: seconds)
        case .hostIsHealthy:
            self.process.gate.becameHealthy()
        case .stopReading:
            self.queue.refuse()
        case .discardAndSettle:
            self.settle(discarding: true)
        case .drainAndSettle:
            self.settle(discarding: false)
        case .finish:
            self.isFinished = true
            self.process.finished(self)
        }
    }

    /// Something that takes time and reports back.
    private func job(_ body: @escaping (_ done: @escaping () -> Void) -> Void) {
        self.jobCount += 1
        self.process.after(self.world.hop()) { body { self.jobCount -= 1 } }
    }

    private func settle(discarding: Bool) {
        self.world.counts.settles += 1
        self.job { done in
            self.delivery.settle(discarding: discarding) { committed in
                done()
                let stored = self.process.isExactlyOnce ? self.world.store.durable[self.tenant.number] : nil
                let committed = stored ?? committed
                var lost: [StreamGap] = []
                if discarding {
                    self.discardedBehind = .some(committed)
                    lost = self.gapsInFlight.settled(acknowledged: self.delivery.batchesAcknowledged)
                }
                self.perform(
                    self.machine.settled(
                        committed: committed?.position,
                        lost: lost,
                        now: self.world.instant,
                        random: &self.world.random
                    )
                )
            }
        }
    }

    // MARK: - On the way to a socket

    private func received(_ token: AccessToken, for id: SocketID) {
        self.tokens.append(token)
        self.tokens.removeAll { $0.serial <= token.serial - 4 }
        self.attemptSerials.append((id, token.serial))
        self.perform(
            self.machine.tokenReady(id, serial: token.serial, expiresAt: token.expiresAt, now: self.world.instant)
        )
    }

    private func token(of id: SocketID) -> AccessToken? {
        guard let serial = self.attemptSerials.last(where: { $0.id == id })?.serial else { return nil }
        return self.tokens.last { $0.serial == serial }
    }

    private func validate(_ id: SocketID, _ topics: [SubscriptionTopic], _ done: @escaping () -> Void) {
        guard let token = self.token(of: id) ?? self.tokens.last else { return }
        self.process.after(2 * self.world.latency()) {
            let outcome = self.tenant.preflight(topics, token: token.number)
            self.process.after(self.world.latency()) {
                done()
                self.perform(
                    self.machine.validated(id, outcome, now: self.world.instant, random: &self.world.random)
                )
            }
        }
    }

    private func connect(
        _ id: SocketID,
        _ topics: [SubscriptionTopic],
        resumeFrom position: Position?,
        _ done: @escaping () -> Void
    ) {
        guard let token = self.token(of: id) else { return }
        self.attemptSerials.removeAll { $0.id.number <= id.number - 8 }
        self.world.counts.connects += 1
        self.process.after(3 * self.world.latency()) {
            let answer = self.tenant.handshake(topics: topics, resumeFrom: position, token: token.number)
            switch answer {
            case .success(let socket):
                self.world.after(self.world.latency()) {
                    guard self.process.isAlive else { return socket.abandon() }
                    done()
                    self.opened(
                        SocketReader(
                            id: id,
                            connection: socket,
                            topics: topics,
                            resumedFrom: position.map(OpaquePosition.sequence(of:))
                        )
                    )
                }
            case .failure(let failure):
                let wait = failure.reason == "timed out" ? 10 * .second : self.world.latency()
                self.process.after(wait) {
                    done()
                    self.failed(id, failure)
                }
            }
        }
    }

    private func opened(_ reader: SocketReader) {
        self.readers.append(reader)
        self.world.trace { "tenant \(self.tenant.number): connected \(reader.id) behind \(reader.resumedFrom ?? -1)" }
        self.perform(self.machine.connected(reader.id, now: self.world.instant))
        if self.machine.status == .open { self.queue.accept() }
        reader.connection.onArrival = { [weak self, weak reader] in
            if let self, let reader { self.pump(reader) }
        }
        self.process.after(self.world.hop()) { self.pump(reader) }
    }

    private func failed(_ id: SocketID, _ failure: ConnectFailure) {
        self.world.trace { "tenant \(self.tenant.number): connect \(id) failed: \(failure)" }
        let before = self.machine.status
        self.perform(self.machine.connectFailed(id, failure, now: self.world.instant, random: &self.world.random))
        if case .unavailable = failure { self.checkPause(before) }
    }

    func reader(_ id: SocketID) -> SocketReader? { self.readers.first { $0.id == id } }

    private func close(_ id: SocketID, reason: String) {
        guard let reader = self.reader(id) else { return }
        self.checkClose(reader, reason: reason)
        reader.connection.close(reason: reason)
        reader.isCloseRequested = true
        guard reader.isAwaitingClose else { return }
        reader.isAwaitingClose = false
        self.process.after(self.world.hop()) {
            reader.isBusy = false
            self.pump(reader)
        }
    }

    // MARK: - Turns of the sockets

    /// Runs `body` when no other socket hands a message on; false: it has to wait.
    func takeTurn() -> Bool {
        guard !self.isTurnTaken else { return false }
        self.isTurnTaken = true
        return true
    }

    func waitForTurn(_ body: @escaping () -> Void) { self.turnWaiters.append(body) }

    func releaseTurn() {
        if self.turnWaiters.isEmpty {
            self.isTurnTaken = false
        } else {
            self.process.after(self.world.hop(), self.turnWaiters.removeFirst())
        }
    }

    // MARK: - Checks

    private func noteOpen(_ isOpen: Bool) {
        if isOpen {
            if let since = self.closedSince { self.world.counts.withoutSocket += self.world.now - since }
            self.closedSince = nil
            self.openSince = self.openSince ?? self.world.now
        } else if self.openSince != nil {
            self.openSince = nil
            self.closedSince = self.world.now
        }
    }

    func checkAfterStep() {
        self.queue.check()
        self.delivery.check()
        let durable = self.world.store.durable[self.tenant.number]
        if self.process.isExactlyOnce {
            // The transaction has made it durable before anybody hears of it.
            let newest = self.committer.newest.map { OpaquePosition.sequence(of: $0.position) } ?? -1
            self.world.expect(newest <= self.tenant.truth.committed, "commit-after-ack") {
                "\(newest) is called committed, and \(self.tenant.truth.committed) is"
            }
        } else {
            self.world.expect(self.committer.schedule.committed == durable, "commit-after-ack") {
                "the store does not have what is taken for committed"
            }
        }
        if !self.process.isExactlyOnce, let newest = self.committer.newest, self.committer.schedule.isSettled {
            self.world.expect(newest.position == durable?.position, "bounded-stop") {
                "nothing waits to be committed, and a newer position is safe"
            }
        }
        self.world.expect(self.readers.count <= 4, "sockets") { "\(self.readers.count) sockets are open" }
        guard self.machine.nextDeadline == nil, !self.isFinished, self.machine.status != .idle else { return }
        self.world.expect(self.jobCount > 0 || !self.readers.isEmpty, "no-dead-wait") {
            "session \(self.machine.status.name) waits for nothing"
        }
    }
}

extension AccessToken {
    /// The server's number of the token.
    var number: Int { Int(self.secret.revealed) ?? -1 }
}
