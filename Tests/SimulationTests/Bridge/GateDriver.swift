import BridgeCore

/// What `HostGate` does, and the rules of its host.
final class GateDriver {
    unowned(unsafe) let process: BridgeProcess
    private var gate: ConnectionGate
    private var attempts: [Nanoseconds] = []
    /// The end of the block, as far as this process was told: without a number it lasts a minute.
    private var toldUntil: Nanoseconds = 0

    init(_ process: BridgeProcess) {
        self.process = process
        self.gate = ConnectionGate(process.world.plan.gate, now: process.world.instant)
    }

    private var world: World { self.process.world }

    func turn(_ done: @escaping () -> Void) {
        self.wait(for: self.gate.reserve(now: self.world.instant), done)
    }

    private func wait(for turn: ConnectionGate.Turn, _ done: @escaping () -> Void) {
        let delay = turn.at.nanoseconds - self.world.now
        self.process.after(delay > 0 ? delay : 0) {
            switch self.gate.confirm(turn, now: self.world.instant) {
            case .go: done()
            case .wait(let next): self.wait(for: next, done)
            }
        }
    }

    func throttled(retryAfterSeconds: Int?) {
        self.gate.throttled(retryAfterSeconds: retryAfterSeconds, now: self.world.instant, random: &self.world.random)
        self.toldUntil = max(self.toldUntil, self.world.now + Nanoseconds(retryAfterSeconds ?? 60) * .second)
    }

    func becameHealthy() { self.gate.becameHealthy() }

    /// An attempt begins: not during the hold-off, and not faster than the host's rate.
    func attemptBegins() {
        let now = self.world.now
        if now < self.toldUntil {
            self.world.counts.holdOffViolations += 1
            self.world.violated("hold-off", "an attempt begins \((self.toldUntil - now) / .second) s before its end")
        }
        self.attempts.append(now)
        self.attempts.removeAll { $0 <= now - .second }
        let rate = self.world.plan.gate.attemptsPerSecond
        self.world.expect(Double(self.attempts.count) <= rate + 1, "connection-rate") {
            "\(self.attempts.count) attempts within a second, \(rate) are allowed"
        }
    }
}
