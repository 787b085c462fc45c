import BridgeCore
import BridgeOperations
import BridgeRuntime
import GenesysCloud

/// What a bridge tells an operator.
enum BridgeHealth {
    /// One entry per tenant. A tenant is ready while its socket is open and its positions can be written; one that is merely between two sockets is
    /// not, and says why.
    static func report(_ bridge: Bridge) -> HealthReport {
        let now = bridge.clock.now
        let wallMilliseconds = bridge.clock.wallMilliseconds
        let tenants = bridge.tenants.map { tenant in
            let snapshot = tenant.pipeline.telemetry.snapshot
            let reasons = [
                snapshot.status.reason, snapshot.commitFailure.map { "the position cannot be committed: \($0)" },
                snapshot.status == .attempting(.awaitingToken) ? tenant.tokens.status.lastRefusal : nil,
            ].compactMap(\.self)
            return TenantHealth(
                name: tenant.name,
                ready: snapshot.status == .open && snapshot.commitFailure == nil,
                state: snapshot.status.name,
                reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
                committedPosition: snapshot.committed?.position.value,
                committedPositionAgeSeconds: snapshot.committedAtMilliseconds.map {
                    Double(wallMilliseconds - $0) / 1000
                },
                oldestUnacknowledgedAgeSeconds: snapshot.oldestReceivedAt.map { $0.duration(to: now).inSeconds },
                inFlightBytes: snapshot.heldBytes,
                reconnects: Int(snapshot.endings.values.reduce(0, +))
            )
        }
        return HealthReport(ready: tenants.allSatisfy(\.ready), tenants: tenants)
    }
}
