import BridgeCore
import BridgeRuntime
import Locking

/// The gates of the hosts that this process connects to: one for each host, whoever connects (S3.4, S4.2).
final class HostGates: Sendable {
    private let policy: ConnectionGate.Policy
    private let clock: any BridgeClock
    private let gates = Locked<[String: HostGate]>([:])

    init(policy: ConnectionGate.Policy, clock: any BridgeClock) {
        self.policy = policy
        self.clock = clock
    }

    /// The gate of the host at `endpoint`.
    func gate(for endpoint: Endpoint) -> HostGate {
        self.gates.withLock { gates in
            let key = "\(endpoint.host.lowercased()):\(endpoint.port)"
            if let gate = gates[key] { return gate }
            let gate = HostGate(policy: self.policy, clock: self.clock)
            gates[key] = gate
            return gate
        }
    }
}
