import NIOCore
import NIOHTTP1

/// Decides on upgrade requests (S1.1, S1.2, S1.7).
///
/// Receives request heads. Hands grants to ``StreamHandler``. Holds nothing.
struct UpgradeGate {
    static let path = "/api/v2/notifications/stream"
    static let invalidSubscriptionMessage = "Invalid subscription: resource not found or insufficient permissions"

    let cloud: SimulatedCloud

    /// Decides, and enters the attempt in the tenant's account.
    func decide(_ head: HTTPRequestHead, now: NIODeadline) -> UpgradeDecision {
        guard let query = QueryParameters(target: head.uri) else {
            self.cloud.upgradesUnattributed += 1
            return .reject(
                .failure(.badRequest, code: "bad.request", message: "The query is not percent-encoded UTF-8.")
            )
        }
        guard query.path == Self.path, head.method == .GET else {
            self.cloud.upgradesUnattributed += 1
            return .reject(.failure(.notFound, code: "not.found", message: "There is no such stream."))
        }
        let tokens = query.values(of: "access_token")
        let standing = tokens.count == 1 ? self.cloud.tokens.standing(of: tokens[0], now: now) : .unknown
        guard case .valid(let index, let expires) = standing else {
            self.cloud.upgradesUnattributed += 1
            return .reject(self.unauthorized(standing))
        }
        let tenant = self.cloud.tenants[index]
        tenant.ledger.upgradeAttempts += 1
        if query.hasBareReservedCharacters { tenant.ledger.violated(.queryNotEncoded) }
        if let refusal = self.refusal(of: tenant, now: now) { return .reject(refusal) }
        return self.decide(query, tenant: tenant, token: tokens[0], tokenExpires: expires, now: now)
    }

    private func decide(
        _ query: QueryParameters,
        tenant: TenantState,
        token: String,
        tokenExpires: NIODeadline,
        now: NIODeadline
    ) -> UpgradeDecision {
        let subscriptions = query.values(of: "subscriptions").map(Subscription.parse)
        guard !subscriptions.contains(nil),
            let filter = SubscriptionFilter(subscriptions.compactMap { $0 }, resources: tenant.settings.resources)
        else {
            return .reject(
                .failure(.badRequest, code: "invalid.subscription", message: Self.invalidSubscriptionMessage)
            )
        }
        guard
            let batchSize = self.number(
                query,
                "maxBatchSize",
                in: UpgradeLimits.batchSizes,
                default: self.cloud.configuration.batchSizeDefault
            ),
            let latency = self.number(
                query,
                "maxLatency",
                in: UpgradeLimits.latenciesMilliseconds,
                default: self.cloud.configuration.latencyDefaultMilliseconds
            )
        else {
            return .reject(
                .failure(.badRequest, code: "bad.request", message: "maxBatchSize or maxLatency is out of range.")
            )
        }
        let start: Start
        switch self.start(query, tenant: tenant, now: now) {
        case .success(let found): start = found
        case .failure(let failure): return .reject(failure.reply)
        }
        if let status = tenant.armed.takeUpgradeRejection() {
            tenant.ledger.fired(.rejectUpgrade)
            return .reject(self.rejection(status))
        }
        let grant = StreamGrant(
            number: self.cloud.nextConnectionNumber(),
            tenant: tenant,
            token: token,
            tokenExpires: tokenExpires,
            filter: filter,
            start: start.sequence,
            resumedAt: start.resumedAt,
            batchSizeMax: batchSize,
            latency: .milliseconds(Int64(latency))
        )
        return .accept(grant)
    }

    private struct Start {
        let sequence: Int
        let resumedAt: Int?
    }

    private struct Failure: Error {
        let reply: HTTPReply
    }

    private func start(_ query: QueryParameters, tenant: TenantState, now: NIODeadline) -> Result<Start, Failure> {
        let positions =
            query.values(of: "lastEventId").map(ResumePosition.lastEventId)
            + query.values(of: "timestamp").map(ResumePosition.timestamp)
        guard positions.count <= 1 else {
            let message = "Only one lastEventId or timestamp may be given."
            return .failure(Failure(reply: .failure(.badRequest, code: "bad.request", message: message)))
        }
        let present = tenant.pace.present(offered: tenant.ledger.offered, now: now)
        guard let position = positions.first else {
            let sequence = self.cloud.configuration.startAt == .beginning ? 0 : present
            return .success(Start(sequence: sequence, resumedAt: nil))
        }
        let gone = Failure(
            reply: .failure(.gone, code: "position.lost", message: "The resume position is no longer available.")
        )
        guard let next = tenant.writer.next(from: position), next <= present else { return .failure(gone) }
        if tenant.armed.takeLostPosition() {
            tenant.ledger.fired(.positionLost)
            return .failure(gone)
        }
        guard next > 0, tenant.armed.takeInclusiveReplay() else {
            return .success(Start(sequence: next, resumedAt: next))
        }
        tenant.ledger.fired(.inclusiveReplay)
        return .success(Start(sequence: next - 1, resumedAt: next))
    }

    /// Why the tenant may not have a stream at all now.
    private func refusal(of tenant: TenantState, now: NIODeadline) -> HTTPReply? {
        if let remaining = self.cloud.holdOffRemaining(now: now) {
            tenant.ledger.violated(.upgradeDuringHoldOff)
            let seconds = (remaining.nanoseconds + 999_999_999) / 1_000_000_000
            var reply = HTTPReply.failure(.tooManyRequests, code: "too.many.requests", message: "Rate limit exceeded.")
            reply.headers["Retry-After"] = String(seconds)
            return reply
        }
        guard tenant.settings.mayReadNotifications else {
            return .failure(.forbidden, code: "not.authorized", message: "Missing the scope notification:read.")
        }
        return nil
    }

    private func unauthorized(_ standing: TokenRegistry.Standing) -> HTTPReply {
        switch standing {
        case .valid, .unknown: .failure(.unauthorized, code: "bad.credentials", message: "Invalid login credentials.")
        case .expired: .failure(.unauthorized, code: "token.expired", message: "The access token has expired.")
        }
    }

    private func rejection(_ status: Int) -> HTTPReply {
        let status = HTTPResponseStatus(statusCode: status)
        return .failure(status, code: "simulated", message: "This rejection was asked for: \(status.reasonPhrase).")
    }

    /// Nil when the value is no whole number in the range, or there are several.
    private func number(
        _ query: QueryParameters,
        _ name: String,
        in range: ClosedRange<Int>,
        default standard: Int
    ) -> Int? {
        let values = query.values(of: name)
        guard let text = values.first else { return standard }
        guard values.count == 1, let number = Int(text), range.contains(number) else { return nil }
        return number
    }
}
