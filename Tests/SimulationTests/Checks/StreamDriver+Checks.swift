import BridgeCore

/// What the world itself knows of a stream's failures, to judge its pauses (S4.1).
struct PauseChecks {
    /// Failures since the last healthy connection, as far as the world is sure of them.
    var failures = 0
    var withoutJitter = 0
}

extension StreamDriver {
    /// A connection that brought a batch and was up for long enough makes the next pause a first one.
    func noteHealth(_ reader: SocketReader) {
        let healthyAfter = self.world.plan.session.healthyAfter.wholeNanoseconds
        for reader in self.readers + [reader] where reader.hasBatch && self.world.now - reader.openedAt >= healthyAfter
        {
            self.pauses.failures = 0
        }
    }

    /// A pause after a loss is one of the backoff's.
    func checkPause(_ before: SessionStatus) {
        guard case .backingOff(let reason) = self.machine.status, reason != "its subscriptions are valid" else {
            return
        }
        if case .backingOff = before { return }
        guard before != .settling, let until = self.machine.nextDeadline?.nanoseconds else { return }
        let policy = self.world.plan.session.backoff
        let cap = policy.cap.wholeNanoseconds
        let pause = until - self.world.now
        self.pauses.failures += 1
        let least = min(policy.base.wholeNanoseconds << Int64(min(self.pauses.failures - 1, 20)), cap)
        switch policy.jitter {
        case .above:
            self.world.expect(pause >= least && pause < 2 * cap, "reconnect-rate") {
                "the pause behind failure \(self.pauses.failures) is \(pause / .millisecond) ms, at least \(least / .millisecond) are due"
            }
            if pause == least { self.pauses.withoutJitter += 1 }
        case .full:
            self.world.expect(pause < cap, "reconnect-rate") { "a pause of \(pause / .millisecond) ms is too long" }
            if pause == 0 { self.pauses.withoutJitter += 1 }
        }
        self.world.expect(self.pauses.withoutJitter < 3, "reconnect-rate") { "pauses have no jitter" }
    }

    /// A quiet tenant is never taken for dead (S4.7): only a socket that is dead, or whose application is, may be called so.
    func checkClose(_ reader: SocketReader, reason: String) {
        guard reason.hasSuffix("timeout exceeded") || reason == "silent" else { return }
        let connection = reader.connection
        let isDead = connection.halfOpenSince != nil || (connection.silentSince != nil && connection.silentUntil == nil)
        self.world.expect(isDead, "quiet-is-not-dead") { "socket \(reader.id) is closed, '\(reason)', and lives" }
    }

    /// A dead socket is never taken for a quiet one: it is left within its time.
    func watchDeath(of connection: ServerSocket) {
        guard let reader = self.readers.first(where: { $0.connection === connection }) else { return }
        let keepAlive = self.world.plan.session.keepAlive
        let pings = keepAlive.pingInterval * (keepAlive.missedPongsMax + 1) + keepAlive.pongTimeout
        let bound =
            (connection.silentSince != nil ? nil : pings).map { pings in
                min(pings, keepAlive.heartbeatTimeout ?? pings)
            } ?? keepAlive.heartbeatTimeout ?? pings
        self.watchDeath(of: reader, since: self.world.now, within: bound.wholeNanoseconds + 2 * .second)
    }

    private func watchDeath(of reader: SocketReader, since: Nanoseconds, within bound: Nanoseconds) {
        let due = max(since, reader.lastReleasedAt) + bound
        self.process.after(due - self.world.now) {
            guard self.readers.contains(where: { $0 === reader }), self.machine.concerns(reader.id) else { return }
            guard !reader.isHeldBack, reader.lastReleasedAt + bound <= self.world.now else {
                let isHeldBack = reader.isHeldBack
                return self.watchDeath(of: reader, since: isHeldBack ? self.world.now : since, within: bound)
            }
            self.world.violated("dead-is-not-quiet", "socket \(reader.id) is dead and still trusted")
        }
    }
}
