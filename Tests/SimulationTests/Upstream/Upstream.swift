import BridgeCore

/// The host that all tenants connect to.
final class Upstream {
    let tenants: [TenantUpstream]
    /// Handshakes are refused before this, and blamed on the client.
    private(set) var blockedUntil: Nanoseconds = 0
    private unowned(unsafe) let world: World

    init(_ world: World) {
        self.world = world
        self.tenants = (0..<world.plan.tenantCount).map { TenantUpstream(world, number: $0) }
    }

    /// Blocks the client's address.
    func block(for duration: Nanoseconds) {
        self.blockedUntil = max(self.blockedUntil, self.world.now + duration)
    }
}
