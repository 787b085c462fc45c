import BridgeCore

/// One run of a herd.
final class HerdRun {
    private let herd: Herd
    private var heap = EventHeap()
    private var now: Nanoseconds = 0
    private var random: SeededGenerator
    private var gate: ConnectionGate
    private var machines: [SessionMachine] = []
    private var sockets: [SocketID] = []
    private var recoveredCount = 0
    private(set) var outcome = Herd.Outcome()

    init(_ herd: Herd, seed: UInt64) {
        self.herd = herd
        self.random = SeededGenerator(seed: seed)
        self.gate = ConnectionGate(.init(), now: Instant())
        // Everyone is connected and healthy before it begins.
        let topic = SubscriptionTopic(event: "users.presence", allowUnfiltered: true)
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil))
        let longAgo = Instant(nanoseconds: -3 * .hour)
        let position = Position(kind: .lastEventId, value: "p")
        for _ in 0..<herd.sessionCount {
            var machine = SessionMachine(policy: policy, topics: [topic], committed: position)
            _ = machine.start()
            let id = SocketID(1)
            _ = machine.tokenReady(id, serial: 1, expiresAt: nil, now: longAgo)
            _ = machine.validated(id, .missing, now: longAgo, random: &self.random)
            _ = machine.turnGranted(id)
            _ = machine.connected(id, now: longAgo)
            _ = machine.messageHandedOn(id, position: position, now: longAgo)
            self.machines.append(machine)
            self.sockets.append(id)
        }
    }

    private var instant: Instant { Instant(nanoseconds: self.now) }

    func after(_ delay: Nanoseconds, _ body: @escaping () -> Void) {
        self.heap.push(at: self.now + delay, body)
    }

    func run(until end: Nanoseconds) {
        while let at = self.heap.nextAt, at <= end, let body = self.heap.pop() {
            self.now = at
            body()
        }
        self.heap = EventHeap()
    }

    /// An attempt arrives. Returns whether the host takes it.
    func attempt() -> Bool {
        let second = Int(self.now / .second)
        while self.outcome.attempts.count <= second { self.outcome.attempts.append(0) }
        self.outcome.attempts[second] += 1
        let isTaken = self.outcome.attempts[second] <= self.herd.handshakesPerSecond
        if !isTaken { self.outcome.refused += 1 }
        return isTaken
    }

    func recovered() {
        self.recoveredCount += 1
        if self.recoveredCount == self.herd.sessionCount { self.outcome.recoveredAt = Int(self.now / .second) }
    }

    // MARK: - The bridge's manner

    func lose(_ session: Int) -> [SessionAction] {
        self.machines[session].ended(
            self.sockets[session],
            .lost(reason: "1012"),
            now: self.instant,
            random: &self.random
        )
    }

    /// Does what the machine decides, until the session is open again.
    func follow(_ session: Int, _ actions: [SessionAction]) {
        for action in actions {
            switch action {
            case .awaitToken(let id, _):
                self.follow(
                    session,
                    self.machines[session].tokenReady(id, serial: 1, expiresAt: nil, now: self.instant)
                )
            case .awaitTurn(let id): self.wait(session, id, for: self.gate.reserve(now: self.instant))
            case .connect(let id, _, _): self.connect(session, id)
            case .validate, .markTokenBad, .ping, .close, .holdOffHost, .hostIsHealthy, .stopReading, .discardAndSettle,
                .drainAndSettle, .finish:
                break
            }
        }
        guard case .backingOff = self.machines[session].status, let until = self.machines[session].nextDeadline else {
            return
        }
        self.after(until.nanoseconds - self.now) {
            self.follow(session, self.machines[session].deadlineReached(now: self.instant, random: &self.random))
        }
    }

    private func wait(_ session: Int, _ id: SocketID, for turn: ConnectionGate.Turn) {
        self.after(max(0, turn.at.nanoseconds - self.now)) {
            switch self.gate.confirm(turn, now: self.instant) {
            case .go: self.follow(session, self.machines[session].turnGranted(id))
            case .wait(let next): self.wait(session, id, for: next)
            }
        }
    }

    private func connect(_ session: Int, _ id: SocketID) {
        let isTaken = self.attempt()
        self.after(100 * .millisecond) {
            guard isTaken else {
                let failure = ConnectFailure.unavailable(reason: "503")
                return self.follow(
                    session,
                    self.machines[session].connectFailed(id, failure, now: self.instant, random: &self.random)
                )
            }
            self.sockets[session] = id
            _ = self.machines[session].connected(id, now: self.instant)
            self.recovered()
        }
    }
}
