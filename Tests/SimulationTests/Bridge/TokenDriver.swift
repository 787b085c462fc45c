import BridgeCore

@testable import GenesysCloud

/// What `TokenService` does for one tenant.
final class TokenDriver {
    unowned(unsafe) let process: BridgeProcess
    let tenant: TenantUpstream
    private var machine: TokenMachine
    private var waiters: [(serial: Int?, done: (AccessToken) -> Void)] = []
    private var isFetching = false
    private var wakeups = 0

    init(_ process: BridgeProcess, _ tenant: TenantUpstream) {
        self.process = process
        self.tenant = tenant
        self.machine = TokenMachine(now: process.world.instant)
        process.after(0) { self.keepAsking() }
    }

    private var world: World { self.process.world }

    func token(newerThan serial: Int?, _ done: @escaping (AccessToken) -> Void) {
        if let token = self.machine.token(now: self.world.instant), serial.map({ token.serial > $0 }) ?? true {
            return done(token)
        }
        self.waiters.append((serial, done))
    }

    func markBad(serial: Int) {
        switch self.machine.markedBad(serial: serial, now: self.world.instant) {
        case .ignore: return
        case .wake: self.keepAsking()
        }
    }

    private func keepAsking() {
        guard !self.isFetching else { return }
        self.wakeups += 1
        let wakeup = self.wakeups
        switch self.machine.next(now: self.world.instant) {
        case .fetch:
            self.isFetching = true
            self.fetch()
        case .wait(let until):
            self.process.after(until.nanoseconds - self.world.now) {
                if self.wakeups == wakeup { self.keepAsking() }
            }
        }
    }

    private func fetch() {
        let askedAt = self.world.instant
        self.process.after(2 * self.world.latency()) {
            let grant = self.tenant.grantToken()
            self.process.after(self.world.latency()) {
                self.isFetching = false
                let random = Double(self.world.draw(0...999)) / 1000
                let now = self.world.instant
                if let grant {
                    let lifetime = Duration.nanoseconds(grant.lifetime)
                    let grant = TokenGrant(secret: Secret("\(grant.id)"), lifetime: lifetime)
                    self.machine.granted(grant, askedAt: askedAt, now: now, random: random)
                    self.serve()
                } else {
                    self.machine.refused(retryAfterSeconds: nil, now: now, random: random)
                }
                self.keepAsking()
            }
        }
    }

    private func serve() {
        guard let token = self.machine.token(now: self.world.instant) else { return }
        let served = self.waiters.filter { $0.serial.map { token.serial > $0 } ?? true }
        self.waiters.removeAll { $0.serial.map { token.serial > $0 } ?? true }
        for waiter in served { self.process.after(self.world.hop()) { waiter.done(token) } }
    }
}
