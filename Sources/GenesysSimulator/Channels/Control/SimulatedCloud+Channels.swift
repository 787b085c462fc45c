import Logging
import NIOCore

extension SimulatedCloud {
    /// - Returns: how many sockets took the fault up, or in how many tenants it lies in wait.
    func inject(
        _ fault: ChannelFault,
        tenant name: String?,
        target: ChannelFaultTarget,
        now: NIODeadline
    ) throws -> Int {
        let reached = try self.tenants(named: name).reduce(0) { count, tenant in
            count + (tenant.channels.armed.arm(fault) ? 1 : self.begin(fault, tenant, target, now: now))
        }
        self.logger.info("fault asked for", metadata: ["fault": "\(fault.kind.rawValue)", "reached": "\(reached)"])
        return reached
    }

    private func begin(
        _ fault: ChannelFault,
        _ tenant: TenantState,
        _ target: ChannelFaultTarget,
        now: NIODeadline
    ) -> Int {
        let channels = tenant.channels
        let open = channels.openSockets
        let hit: [ChannelSocket]
        switch target {
        case .all: hit = open
        case .one: hit = self.choose(open).map { [$0] } ?? []
        case .channel(let id): hit = open.filter { $0.grant.channel.id == id }
        }
        var reached = 0
        for socket in hit where socket.begin(fault, now: now) {
            reached += 1
            channels.ledger.fired(fault.kind)
        }
        switch fault {
        case .tokenRevoked: self.revoke(Set(hit.map(\.grant.channel.token)), channels, now: now)
        case .channelDeleted, .channelEvicted:
            for socket in hit { channels.remove(socket.grant.channel.id) }
            // One without a socket can only be deleted by its name.
            if case .channel(let id) = target, hit.isEmpty, channels.remove(id) {
                reached += 1
                channels.ledger.fired(fault.kind)
            }
        case .channelClosed, .channelReset, .socketClosing, .channelSilent, .subscriptionResult, .unknownSystemEvent,
            .malformedMessage, .binaryMessage, .hugeMessage, .subscriptionRejected, .connectRefused, .connectHang,
            .restRateLimited:
            break
        }
        return reached
    }

    /// The tokens are worth nothing any more, and all their channels are gone.
    private func revoke(_ tokens: Set<String>, _ channels: TenantChannels, now: NIODeadline) {
        for token in tokens { self.tokens.expire(token, now: now) }
        for channel in channels.registry.all where tokens.contains(channel.token) {
            _ = channels.sockets[channel.id]?.tokenRevoked()
            channels.remove(channel.id)
        }
    }

    func setTopicRate(_ eventsPerSecond: Double, template: String?, tenant name: String?, now: NIODeadline) throws {
        for tenant in try self.tenants(named: name) {
            tenant.channels.setRate(eventsPerSecond, template: template, gate: tenant.topicGate, now: now)
        }
    }
}
