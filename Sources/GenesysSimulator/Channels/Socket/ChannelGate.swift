import NIOCore
import NIOHTTP1

/// Decides on connections to a channel's socket: the identifier in the path is all that they need.
///
/// Receives request heads. Hands grants to ``ChannelSocket``. Holds nothing.
struct ChannelGate {
    static let pathPrefix = "/channels/"

    let cloud: SimulatedCloud

    func decide(_ head: HTTPRequestHead, now: NIODeadline) -> Result<ChannelGrant, UpgradeRefusal> {
        let id = String(head.uri.prefix { $0 != "?" }.dropFirst(Self.pathPrefix.count))
        guard let tenant = self.cloud.tenants.first(where: { $0.channels.knows(id) }) else {
            self.cloud.upgradesUnattributed += 1
            return .failure(.reject(.notFound, "not.found", "Channel not found"))
        }
        let decision = self.decide(id, tenant: tenant, now: now)
        let answer: String
        switch decision {
        case .success: answer = "101"
        case .failure(let refusal): answer = refusal.answer
        }
        tenant.channels.ledger.connectAnswers[answer, default: 0] += 1
        return decision
    }

    private func decide(_ id: String, tenant: TenantState, now: NIODeadline) -> Result<ChannelGrant, UpgradeRefusal> {
        tenant.channels.removeExpired(now: now)
        guard let channel = tenant.channels.registry.channel(id, now: now) else {
            return .failure(.reject(.notFound, "not.found", "Channel not found"))
        }
        if let armed = tenant.channels.armed.takeConnect() {
            tenant.channels.ledger.fired(armed.kind)
            switch armed {
            case .refuse(let status): return .failure(.reject(.askedFor(status)))
            case .hang(let delay):
                var reply = HTTPReply.askedFor(503)
                reply.delay = delay
                return .failure(.reject(reply))
            }
        }
        let standing = self.cloud.tokens.standing(of: channel.token, now: now)
        var expires: NIODeadline?
        if self.cloud.configuration.channels.endsWithToken {
            guard case .valid(_, let end) = standing else { return .failure(.reject(.unauthorized(standing))) }
            expires = end
        }
        let number = self.cloud.nextConnectionNumber()
        return .success(ChannelGrant(number: number, tenant: tenant, channel: channel, tokenExpires: expires))
    }
}
