public import BridgeCore
internal import Locking

/// Lets the attempts at one host through, one after the other, and none during its hold-off (S3.4, S4.2). Shared by all sockets of the process.
public final class HostGate: Sendable {
    private let gate: Locked<ConnectionGate>
    private let clock: any BridgeClock

    /// A gate that has let nobody through yet.
    public init(policy: ConnectionGate.Policy, clock: any BridgeClock) {
        self.gate = Locked(ConnectionGate(policy, now: clock.now))
        self.clock = clock
    }

    /// Waits until the host may be connected to. Throws only `CancellationError`.
    func turn() async throws {
        var turn = self.gate.withLock { $0.reserve(now: self.clock.now) }
        while true {
            if turn.at > self.clock.now { try await self.clock.sleep(until: turn.at) }
            switch self.gate.withLock({ $0.confirm(turn, now: self.clock.now) }) {
            case .go: return
            case .wait(let next): turn = next
            }
        }
    }

    /// The host said "too many".
    func throttled(retryAfterSeconds: Int?) {
        var random = SystemRandomNumberGenerator()
        self.gate.withLock {
            $0.throttled(retryAfterSeconds: retryAfterSeconds, now: self.clock.now, random: &random)
        }
    }

    /// A connection to the host was healthy.
    func becameHealthy() {
        self.gate.withLock { $0.becameHealthy() }
    }

    /// No attempt before this; nil where nothing is held off.
    public var heldOffUntil: Instant? {
        let now = self.clock.now
        return self.gate.withLock { $0.heldOffUntil }.flatMap { $0 > now ? $0 : nil }
    }
}
