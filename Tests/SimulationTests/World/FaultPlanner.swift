import BridgeCore

/// Does to the bridge what the seed decides, and sees to it that all of it happened.
final class FaultPlanner {
    unowned(unsafe) let world: World
    private(set) var planned = [Int](repeating: 0, count: FaultKind.allCases.count)

    init(_ world: World) {
        self.world = world
    }

    /// Plans the faults of the run: at random times before the calm, with some time left for the last ones to meet their occasion.
    func plan(_ kinds: [FaultKind]) {
        let end = self.world.plan.length - self.world.plan.calm - 40 * .minute
        for kind in kinds {
            self.planned[kind.rawValue] += 1
            let needed = self.planned[kind.rawValue]
            self.world.after(self.world.draw((2 * .minute)...end)) { self.attempt(kind, needed: needed) }
        }
        self.world.after(self.world.plan.length - self.world.plan.calm - self.world.now) { self.beginCalm() }
    }

    func planDrawn() {
        let count = self.world.plan.faultsPerDay * Int(self.world.plan.length / .hour) / 24
        let kinds = FaultKind.drawn(isExactlyOnce: self.world.plan.isExactlyOnce)
        self.plan((0..<count).map { _ in kinds[Int(self.world.draw(0...Int64(kinds.count - 1)))] })
    }

    /// Tries until it has fired: some faults need an occasion.
    private func attempt(_ kind: FaultKind, needed: Int) {
        guard !self.world.isCalm else { return }
        let didStart = self.inject(kind)
        self.world.after(didStart ? 6 * .minute : 7 * .second) {
            if self.world.firedCount(kind) < needed { self.attempt(kind, needed: needed) }
        }
    }

    private func beginCalm() {
        self.world.isCalm = true
        self.world.trace { "calm" }
        for kind in FaultKind.allCases where self.world.firedCount(kind) < self.planned[kind.rawValue] {
            self.world.violated(
                "planned faults fire",
                "\(kind) fired \(self.world.firedCount(kind)) times of \(self.planned[kind.rawValue])"
            )
        }
        self.world.armedCrash = nil
        self.world.armedTransactionCrash = nil
        self.world.broker.faults = []
        self.world.kafkaFailures = []
        self.world.isFatalArmed = false
        for tenant in self.world.upstream.tenants {
            tenant.handshakeFaults = []
            tenant.preflightUnavailable = 0
            tenant.isValid = tenant.isValid.map { _ in true }
            if tenant.wanted.isEmpty { self.want(Array(tenant.topics.indices), of: tenant) }
        }
    }

    private func want(_ topics: [Int], of tenant: TenantUpstream) {
        for topic in tenant.wanted where !topics.contains(topic) { tenant.truth.release(topic) }
        tenant.wanted = topics
        guard let process = self.world.process, process.isAlive, !process.streams.isEmpty else { return }
        process.streams[tenant.number].subscribe(tenant.wantedTopics)
    }

    // MARK: - Each kind

    var tenant: TenantUpstream {
        self.world.upstream.tenants[Int(self.world.draw(0...Int64(self.world.plan.tenantCount - 1)))]
    }

    /// An open socket of a tenant that the seed chooses, if there is one.
    func socket(of tenant: TenantUpstream) -> ServerSocket? {
        let sockets = tenant.sockets.filter { $0.isOpen && $0.halfOpenSince == nil && $0.silentSince == nil }
        guard !sockets.isEmpty else { return nil }
        return sockets[Int(self.world.draw(0...Int64(sockets.count - 1)))]
    }

    private func inject(_ kind: FaultKind) -> Bool {
        switch kind {
        case .reset, .goingAway, .rollingRestart, .halfOpen, .silence, .shortSilence, .throttledClose,
            .duplicateMessage,
            .olderMessageAgain:
            return self.injectIntoSocket(kind)
        case .poisonTransient, .poisonPersistent, .positionLost, .subscriptionInvalid, .topicsChanged,
            .invalidTopicAdded:
            return self.injectIntoStream(kind)
        case .throttledHandshake, .handshakeUnavailable, .handshakeTimeout, .tokenRevoked, .forbidden, .tokenOutage,
            .preflightUnavailable:
            return self.injectIntoHandshake(kind)
        case .kafkaAway, .kafkaUnknown, .kafkaRefused, .kafkaFatal, .storeUnavailable, .storeSlow, .crash,
            .crashAfterReceive, .crashAfterProduce, .crashAfterAcknowledge, .crashBeforeRename, .crashBeforeSync,
            .gracefulStop:
            return self.injectIntoProcess(kind)
        case .recordTooLarge, .commitRefused, .commitAnswerLost, .transactionTimedOut, .takenOver, .crashBeforeCommit,
            .crashDuringCommit, .crashAfterCommit:
            return self.injectIntoTransactions(kind)
        }
    }

    private func injectIntoSocket(_ kind: FaultKind) -> Bool {
        guard let socket = self.socket(of: self.tenant) else { return false }
        let streams = self.world.process?.streams ?? []
        let stream = streams.isEmpty ? nil : streams[socket.tenant.number]
        switch kind {
        case .reset: socket.end(.lost(reason: "reset"), abrupt: true)
        case .goingAway: socket.end(.lost(reason: self.world.oneIn(2) ? "1001" : "1012"), abrupt: false)
        case .rollingRestart:
            for socket in self.world.upstream.tenants.flatMap(\.sockets) {
                self.world.after(self.world.draw(0...20_000) * .millisecond) {
                    socket.end(.lost(reason: "1012"), abrupt: false)
                }
            }
        case .halfOpen:
            socket.becomeHalfOpen()
            stream?.watchDeath(of: socket)
        case .silence:
            // Where heartbeats are not watched, nobody could tell.
            if self.world.plan.session.keepAlive.heartbeatTimeout == nil { break }
            socket.becomeSilent(for: nil)
            stream?.watchDeath(of: socket)
        case .shortSilence: socket.becomeSilent(for: max(self.world.plan.maxLatency, 10 * .second) - .second)
        case .throttledClose:
            let seconds: Int? = self.world.oneIn(2) ? nil : Int(self.world.draw(20...300))
            self.world.upstream.block(for: Nanoseconds(seconds ?? 60) * .second)
            socket.end(.throttled(retryAfterSeconds: seconds, reason: "429"), abrupt: false)
        case .duplicateMessage: guard socket.sendAgain(older: false) else { return false }
        case .olderMessageAgain: guard socket.sendAgain(older: true) else { return false }
        default: preconditionFailure("\(kind) is not a socket's")
        }
        self.world.fire(kind)
        return true
    }

    private func injectIntoStream(_ kind: FaultKind) -> Bool {
        let tenant = self.tenant
        switch kind {
        case .poisonTransient, .poisonPersistent:
            guard let socket = self.socket(of: tenant), let topic = socket.subscribed.firstIndex(of: true) else {
                return false
            }
            tenant.logEvent(topic: topic, brokenCount: kind == .poisonTransient ? 1 : 1_000_000)
            return true
        case .positionLost:
            guard let socket = self.socket(of: tenant) else { return false }
            socket.end(.lost(reason: "reset"), abrupt: true)
            for _ in 0..<3 { tenant.logEvent() }
            tenant.floor = tenant.log.count - 1
            return true
        case .subscriptionInvalid:
            let topic = Int(self.world.draw(0...Int64(tenant.topics.count - 1)))
            guard tenant.isValid[topic], let socket = self.socket(of: tenant), socket.subscribed[topic] else {
                return false
            }
            tenant.isValid[topic] = false
            let isClosed = self.world.oneIn(2)
            socket.end(isClosed ? .subscriptionsRejected(reason: "400") : .lost(reason: "reset"), abrupt: false)
            self.world.after(self.world.draw(1...40) * .minute) { tenant.isValid[topic] = true }
        case .topicsChanged:
            let topic = Int(self.world.draw(0...Int64(tenant.topics.count - 1)))
            let isAll = self.world.oneIn(8)
            let isWanted = tenant.wanted.contains(topic)
            let others = tenant.topics.indices.filter { tenant.wanted.contains($0) && $0 != topic }
            let all = tenant.topics.indices.filter { tenant.wanted.contains($0) || $0 == topic }
            self.want(isWanted ? (isAll ? [] : others) : all, of: tenant)
            guard tenant.wanted.isEmpty else { break }
            self.world.after(self.world.draw(1...30) * .minute) { self.want(Array(tenant.topics.indices), of: tenant) }
        case .invalidTopicAdded:
            let topic = Int(self.world.draw(0...Int64(tenant.topics.count - 1)))
            let others = tenant.wanted.filter { $0 != topic }
            guard tenant.isValid[topic], !others.isEmpty || tenant.wanted.isEmpty else { return false }
            if others != tenant.wanted { self.want(others, of: tenant) }
            self.world.after(self.world.draw(1...10) * .minute) {
                tenant.isValid[topic] = false
                self.want(Array(tenant.topics.indices), of: tenant)
                self.world.after(self.world.draw(1...40) * .minute) { tenant.isValid[topic] = true }
            }
        default: preconditionFailure("\(kind) is not a stream's")
        }
        self.world.fire(kind)
        return true
    }

    private func injectIntoHandshake(_ kind: FaultKind) -> Bool {
        let tenant = self.tenant
        guard let socket = self.socket(of: tenant) else { return false }
        let times = Int(self.world.draw(1...6))
        switch kind {
        case .throttledHandshake:
            tenant.handshakeFaults.append(.throttled(retryAfterSeconds: self.world.oneIn(2) ? nil : 45))
        case .handshakeUnavailable: tenant.handshakeFaults += Array(repeating: .unavailable, count: times)
        case .handshakeTimeout: tenant.handshakeFaults += Array(repeating: .timeout, count: times)
        case .forbidden: tenant.handshakeFaults += Array(repeating: .forbidden, count: min(times, 3))
        case .tokenRevoked:
            tenant.revokeTokens()
            self.world.fire(kind)
        case .tokenOutage:
            tenant.revokeTokens()
            tenant.tokenOutageUntil = self.world.now + self.world.draw(1...15) * .minute
        case .preflightUnavailable:
            tenant.revokeTokens()
            tenant.preflightUnavailable = min(times, 3)
        default: preconditionFailure("\(kind) is not a handshake's")
        }
        socket.end(.lost(reason: "reset"), abrupt: true)
        return true
    }

    /// Stops while something is on its way, and now and then while the sockets are being lost.
    private func stopWhileBusy(_ process: BridgeProcess) {
        for tenant in self.world.upstream.tenants { for _ in 0..<10 { tenant.logEvent() } }
        self.world.after(self.world.draw(1...1_600) * .millisecond) {
            process.stop()
            guard self.world.oneIn(2) else { return }
            for socket in self.world.upstream.tenants.flatMap(\.sockets) {
                socket.end(.lost(reason: "reset"), abrupt: true)
            }
        }
    }

    private func injectIntoProcess(_ kind: FaultKind) -> Bool {
        guard let process = self.world.process, process.isAlive, !process.isStopping else { return false }
        switch kind {
        case .kafkaAway: self.world.kafkaAwayUntil = self.world.now + self.world.draw(10...600) * .second
        case .kafkaUnknown: self.world.kafkaFailures.append(.unknown)
        case .kafkaRefused: self.world.kafkaFailures.append(.refused)
        case .kafkaFatal: self.world.isFatalArmed = true
        case .storeUnavailable: self.world.store.unavailableUntil = self.world.now + self.world.draw(5...300) * .second
        case .storeSlow: self.world.store.slowUntil = self.world.now + self.world.draw(5...300) * .second
        case .crash:
            self.world.fire(kind)
            process.die()
            self.world.restart()
        case .gracefulStop:
            self.world.fire(kind)
            self.stopWhileBusy(process)
        case .crashAfterReceive, .crashAfterProduce, .crashAfterAcknowledge, .crashBeforeRename, .crashBeforeSync:
            guard self.world.armedCrash == nil else { return false }
            self.world.armedCrash = CrashPoint.allCases.first { $0.fault == kind }
        default: preconditionFailure("\(kind) is not a process's")
        }
        return true
    }
}
