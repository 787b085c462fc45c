import NIOCore
import NIOHTTP1

/// Decides on upgrade requests (S1.1, S1.2, S1.7).
///
/// Receives request heads. Hands grants to ``StreamHandler``. Holds nothing.
struct UpgradeGate {
    static let path = "/api/v2/notifications/stream"
    static let invalidSubscriptionMessage = "Invalid subscription: resource not found or insufficient permissions"

    let cloud: SimulatedCloud
    /// The client's.
    let address: String

    /// What a valid token stands for.
    struct Access {
        let tenant: TenantState
        /// Secret.
        let token: String
        let expires: NIODeadline
    }

    /// Decides, and enters the attempt in the tenant's account.
    func decide(_ head: HTTPRequestHead, now: NIODeadline) -> Result<StreamGrant, UpgradeRefusal> {
        self.cloud.attempts.add(now: now)
        let query = QueryParameters(target: head.uri)
        let standing = self.standing(query, now: now)
        guard let query, case .valid(let index, let expires) = standing.token, query.path == Self.path,
            head.method == .GET, self.cloud.configuration.servesStream
        else {
            self.cloud.upgradesUnattributed += 1
            return .failure(self.refuseUnattributed(query, standing: standing.token, now: now))
        }
        let access = Access(tenant: self.cloud.tenants[index], token: standing.text, expires: expires)
        access.tenant.ledger.upgradeAttempts += 1
        access.tenant.ledger.attempts.add(now: now)
        if query.hasBareReservedCharacters { access.tenant.ledger.violated(.queryNotEncoded) }
        let answer: String
        let decision = Result { () throws(UpgradeRefusal) in try self.grant(query, access: access, now: now) }
        switch decision {
        case .success: answer = "101"
        case .failure(let refusal): answer = refusal.answer
        }
        access.tenant.ledger.upgradeAnswers[answer, default: 0] += 1
        return decision
    }

    private func standing(
        _ query: QueryParameters?,
        now: NIODeadline
    ) -> (token: TokenRegistry.Standing, text: String) {
        let tokens = query?.values(of: "access_token") ?? []
        guard tokens.count == 1 else { return (.unknown, "") }
        return (self.cloud.tokens.standing(of: tokens[0], now: now), tokens[0])
    }

    private func refuseUnattributed(
        _ query: QueryParameters?,
        standing: TokenRegistry.Standing,
        now: NIODeadline
    ) -> UpgradeRefusal {
        if let blocked = self.blocked(now: now) {
            if blocked.isViolation { self.cloud.violationsUnattributed[.upgradeDuringHoldOff, default: 0] += 1 }
            return .reject(blocked.reply)
        }
        guard let query else {
            return .reject(.badRequest, "bad.request", "The query is not percent-encoded UTF-8.")
        }
        guard query.path == Self.path, self.cloud.configuration.servesStream else {
            return .reject(.notFound, "not.found", "There is no such stream.")
        }
        return .reject(.unauthorized(standing))
    }

    private func blocked(now: NIODeadline) -> (reply: HTTPReply, isViolation: Bool)? {
        switch self.cloud.standing(of: self.address, now: now) {
        case .free: nil
        case .blocked(let remaining, let isViolation):
            (.rateLimited(seconds: Int((remaining.nanoseconds + 999_999_999) / 1_000_000_000)), isViolation)
        }
    }

    // MARK: A valid token

    private func grant(
        _ query: QueryParameters,
        access: Access,
        now: NIODeadline
    ) throws(UpgradeRefusal) -> StreamGrant {
        let tenant = access.tenant
        if let blocked = self.blocked(now: now) {
            if blocked.isViolation { tenant.ledger.violated(.upgradeDuringHoldOff) }
            throw .reject(blocked.reply)
        }
        if let refusal = tenant.missingScope() { throw .reject(refusal) }
        let subscriptions = try self.subscriptions(query, tenant: tenant)
        let standard = self.cloud.configuration
        guard
            let batchSize = query.number(
                "maxBatchSize",
                in: UpgradeLimits.batchSizes,
                default: standard.batchSizeDefault
            ),
            let latency = query.number(
                "maxLatency",
                in: UpgradeLimits.latenciesMilliseconds,
                default: standard.latencyDefaultMilliseconds
            )
        else { throw .reject(.badRequest, "bad.request", "maxBatchSize or maxLatency is out of range.") }
        if let armed = tenant.armed.takeUpgrade() { throw self.fired(armed, tenant: tenant, now: now) }
        let start = try self.start(query, tenant: tenant, now: now)
        let number = self.cloud.nextConnectionNumber()
        return StreamGrant(
            number: number,
            node: number % standard.nodeCount,
            address: self.address,
            tenant: tenant,
            token: access.token,
            tokenExpires: access.expires,
            subscriptions: subscriptions,
            filter: SubscriptionFilter(subscriptions, resources: tenant.resources),
            start: start.sequence,
            resumedAt: start.resumedAt,
            batchSizeMax: batchSize,
            latency: .milliseconds(Int64(latency))
        )
    }

    private func subscriptions(_ query: QueryParameters, tenant: TenantState) throws(UpgradeRefusal) -> [Subscription] {
        var subscriptions: [Subscription] = []
        for text in query.values(of: "subscriptions") {
            guard let subscription = Subscription.parse(text) else {
                throw .reject(.badRequest, "bad.request", "A subscription is not an array of one object.")
            }
            subscriptions.append(subscription)
        }
        let resources = tenant.resources
        let refused = subscriptions.filter { resources.standing(of: $0) != .valid }
        for resourceId in Set(refused.compactMap(\.resourceId)) { tenant.noteRefused(resourceId) }
        guard !subscriptions.isEmpty, refused.isEmpty else { throw self.invalidSubscription() }
        return subscriptions
    }

    private func invalidSubscription() -> UpgradeRefusal {
        switch self.cloud.configuration.invalidSubscriptionAnswer {
        case .close: .close(code: 400, reason: Self.invalidSubscriptionMessage)
        case .http: .reject(.badRequest, "invalid.subscription", Self.invalidSubscriptionMessage)
        }
    }

    private func fired(_ armed: ArmedFaults.Upgrade, tenant: TenantState, now: NIODeadline) -> UpgradeRefusal {
        tenant.ledger.fired(armed.kind)
        switch armed {
        case .reject(let status): return .reject(.askedFor(status))
        case .hang(let delay):
            var reply = HTTPReply.askedFor(503)
            reply.delay = delay
            return .reject(reply)
        case .rateLimit(let seconds, let block):
            self.cloud.block(self.address, retryAfterSeconds: seconds, blockMilliseconds: block, now: now)
            return .reject(.rateLimited(seconds: seconds))
        case .missingScope: return .reject(.missingScope("notification:read"))
        case .invalidSubscription: return self.invalidSubscription()
        }
    }

    // MARK: Positions

    private struct Start {
        let sequence: Int
        let resumedAt: Int?
    }

    private func start(_ query: QueryParameters, tenant: TenantState, now: NIODeadline) throws(UpgradeRefusal) -> Start
    {
        let positions =
            query.values(of: "lastEventId").map(ResumePosition.lastEventId)
            + query.values(of: "timestamp").map(ResumePosition.timestamp)
        guard positions.count <= 1 else {
            throw .reject(.badRequest, "bad.request", "Only one lastEventId or timestamp may be given.")
        }
        let present = tenant.present(now: now)
        guard let position = positions.first else {
            let sequence = self.cloud.configuration.startAt == .beginning ? 0 : present
            return Start(sequence: sequence, resumedAt: nil)
        }
        guard let next = tenant.writer.next(from: position), next <= present else {
            throw self.positionLost(.gone)
        }
        if let lostBefore = tenant.lostBefore, next <= lostBefore {
            tenant.ledger.positionRefused(next)
            throw self.positionLost(.gone)
        }
        if let form = tenant.armed.takeLostPosition() {
            tenant.ledger.fired(.positionLost)
            if self.cloud.configuration.keepsPositionsLost { tenant.lostBefore = next }
            tenant.ledger.positionRefused(next)
            throw self.positionLost(form)
        }
        guard next > 0, tenant.armed.takeInclusiveReplay() else { return Start(sequence: next, resumedAt: next) }
        tenant.ledger.fired(.inclusiveReplay)
        return Start(sequence: next - 1, resumedAt: next)
    }

    private func positionLost(_ form: PositionLossForm) -> UpgradeRefusal {
        let message = "The resume position (lastEventId) is no longer available."
        switch form {
        case .gone: return .reject(.gone, "position.lost", message)
        case .badRequest: return .reject(.badRequest, "position.lost", message)
        case .close: return .close(code: 400, reason: message)
        }
    }
}
