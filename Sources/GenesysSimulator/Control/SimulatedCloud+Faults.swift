import Logging
import NIOCore

extension SimulatedCloud {
    /// - Returns: how many streams took the fault up, or in how many tenants it lies in wait.
    func inject(_ fault: Fault, tenant name: String?, now: NIODeadline) throws -> Int {
        let tenants = try self.tenants(named: name)
        let reached: Int
        switch fault {
        case .drain(_, let milliseconds):
            reached = self.drain(fault, tenants: tenants, interval: .milliseconds(Int64(milliseconds)), now: now)
        case .resourceDeleted(let resourceId, _), .resourceForbidden(let resourceId, _):
            reached = try tenants.reduce(0) { try $0 + self.takeAway(resourceId, fault: fault, tenant: $1, now: now) }
        case _:
            reached = tenants.reduce(0) { count, tenant in
                if tenant.armed.arm(fault) { return count + 1 }
                return count + Self.begin(fault, in: Array(tenant.streams.values), now: now)
            }
        }
        self.logger.info("fault asked for", metadata: ["fault": "\(fault.kind.rawValue)", "reached": "\(reached)"])
        return reached
    }

    /// - Parameter streams: a copy: a stream that ends leaves its tenant.
    private static func begin(_ fault: Fault, in streams: [StreamHandler], now: NIODeadline) -> Int {
        streams.sorted { $0.grant.number < $1.grant.number }.reduce(0) { $0 + ($1.begin(fault, now: now) ? 1 : 0) }
    }

    // MARK: A rolling restart

    /// - Returns: how many streams were open when it began.
    private func drain(_ fault: Fault, tenants: [TenantState], interval: TimeAmount, now: NIODeadline) -> Int {
        let reached = tenants.reduce(0) { $0 + $1.streams.values.filter(\.life.maySend).count }
        guard reached > 0 else { return 0 }
        self.drainNode(0, fault, tenants: tenants, interval: interval, now: now)
        return reached
    }

    private func drainNode(
        _ node: Int,
        _ fault: Fault,
        tenants: [TenantState],
        interval: TimeAmount,
        now: NIODeadline
    ) {
        guard node < self.configuration.nodeCount, !self.isShutDown else { return }
        let streams = tenants.flatMap { $0.streams.values }.filter { $0.grant.node == node }
        _ = Self.begin(fault, in: streams, now: now)
        self.eventLoop.assumeIsolated().scheduleTask(in: interval) {
            self.drainNode(node + 1, fault, tenants: tenants, interval: interval, now: self.now())
        }
    }

    // MARK: Resources

    /// - Returns: how many streams were subscribed to the resource.
    private func takeAway(
        _ resourceId: String?,
        fault: Fault,
        tenant: TenantState,
        now: NIODeadline
    ) throws -> Int {
        let available = tenant.resources.entries.filter { $0.state == .available }.map(\.resource.resourceId)
        guard let resourceId = resourceId ?? self.choose(available.count > 1 ? available : []) else { return 0 }
        let streams: [StreamHandler]
        let closesStreams: Bool
        switch fault {
        case .resourceDeleted(_, let closes):
            streams = try tenant.delete(resourceId, now: now)
            closesStreams = closes
        case .resourceForbidden(_, let closes):
            streams = try tenant.setForbidden(true, resourceId, now: now)
            closesStreams = closes
        case _: return 0
        }
        tenant.takenAway[resourceId] = fault.kind
        if closesStreams { return Self.begin(fault, in: streams, now: now) }
        for _ in streams { tenant.ledger.fired(fault.kind) }
        return streams.count
    }

    func createResource(_ resource: SimulatedResource, tenant name: String, now: NIODeadline) throws {
        let tenant = try self.tenant(named: name)
        try self.configuration.validate(resource, tenant: tenant.settings)
        try tenant.create(resource, now: now)
        tenant.takenAway[resource.resourceId] = nil
    }

    func deleteResource(
        _ resourceId: String,
        tenant name: String,
        closingStreams: Bool,
        now: NIODeadline
    ) throws -> Int {
        let streams = try self.tenant(named: name).delete(resourceId, now: now)
        if closingStreams { self.close(streams, now: now) }
        return streams.count
    }

    func setForbidden(
        _ isForbidden: Bool,
        _ resourceId: String,
        tenant name: String,
        closingStreams: Bool,
        now: NIODeadline
    ) throws -> Int {
        let tenant = try self.tenant(named: name)
        let streams = try tenant.setForbidden(isForbidden, resourceId, now: now)
        if !isForbidden { tenant.takenAway[resourceId] = nil }
        if closingStreams { self.close(streams, now: now) }
        return streams.count
    }

    private func close(_ streams: [StreamHandler], now: NIODeadline) {
        for stream in streams {
            stream.perform(stream.life.close(code: 400, reason: UpgradeGate.invalidSubscriptionMessage))
        }
    }
}
