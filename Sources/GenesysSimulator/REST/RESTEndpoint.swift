import NIOCore
import NIOHTTP1

/// `GET` of the pre-flight (S5.2) and of the resource lists (S5.5), and the calls of channels, with a bearer token.
struct RESTEndpoint {
    /// What is asked for.
    enum Route: Equatable {
        case preflight
        case list(ResourceList)
        case channels(ChannelRoute)

        init?(path: String) {
            if path == "/api/v2/notifications/stream/subscriptions" {
                self = .preflight
            } else if let list = ResourceList.allCases.first(where: { $0.path == path }) {
                self = .list(list)
            } else if let route = ChannelRoute(path: path) {
                self = .channels(route)
            } else {
                return nil
            }
        }

        /// The name that calls are counted under.
        var name: String {
            switch self {
            case .preflight: "subscriptions"
            case .list(let list): list.rawValue
            case .channels(let route): route.name
            }
        }
    }

    let cloud: SimulatedCloud

    func reply(_ head: HTTPRequestHead, route: Route, body: String, now: NIODeadline) -> HTTPReply {
        let token = self.token(of: head)
        let standing = token.map { self.cloud.tokens.standing(of: $0, now: now) } ?? .unknown
        guard let token, case .valid(let index, let tokenEnd) = standing else {
            self.cloud.restCallsUnattributed += 1
            return .unauthorized(standing)
        }
        let tenant = self.cloud.tenants[index]
        tenant.ledger.restCalls[route.name, default: 0] += 1
        let verdict = self.cloud.restBudget.spend(token, now: now)
        if verdict.isViolation { tenant.ledger.violated(.restDuringLimit) }
        let call = Call(head: head, route: route, body: body, tenant: tenant, token: token, tokenEnd: tokenEnd)
        var reply = verdict.isAllowed ? self.reply(call, now: now) : self.limited(tenant, verdict)
        reply.headers["inin-ratelimit-count"] = String(verdict.count)
        reply.headers["inin-ratelimit-allowed"] = String(self.cloud.restBudget.callsMax)
        reply.headers["inin-ratelimit-reset"] = String(verdict.resetSeconds)
        return reply
    }

    private func limited(_ tenant: TenantState, _ verdict: RESTBudget.Verdict) -> HTTPReply {
        tenant.ledger.restCallsLimited += 1
        return .rateLimited(seconds: verdict.resetSeconds)
    }

    /// A call whose token is valid.
    private struct Call {
        let head: HTTPRequestHead
        let route: Route
        let body: String
        let tenant: TenantState
        let token: String
        let tokenEnd: NIODeadline
    }

    private func reply(_ call: Call, now: NIODeadline) -> HTTPReply {
        let tenant = call.tenant
        if let limit = tenant.channels.armed.takeRateLimit() {
            tenant.channels.ledger.fired(.restRateLimited)
            if let seconds = limit.retryAfterSeconds {
                self.cloud.restBudget.hold(call.token, seconds: seconds, now: now)
            }
            return .rateLimited(seconds: limit.retryAfterSeconds)
        }
        if let status = tenant.armed.takeRESTError() {
            tenant.ledger.fired(.restServerError)
            return .askedFor(status)
        }
        let delay = tenant.armed.takeRESTHang()
        if delay != nil { tenant.ledger.fired(.restHang) }
        var reply: HTTPReply
        switch call.route {
        case .preflight: reply = self.read(call) { self.preflight($0, tenant: tenant) }
        case .list(let list): reply = self.read(call) { self.page($0, list: list, tenant: tenant) }
        case .channels(let route):
            let endpoint = ChannelEndpoint(
                cloud: self.cloud,
                tenant: tenant,
                token: call.token,
                tokenEnd: call.tokenEnd
            )
            reply = endpoint.reply(call.head, route: route, body: call.body, now: now)
        }
        if let delay { reply.delay = delay }
        return reply
    }

    private func read(_ call: Call, _ answer: (QueryParameters) -> HTTPReply) -> HTTPReply {
        guard call.head.method == .GET else {
            return .failure(.methodNotAllowed, code: "method.not.allowed", message: "Only GET.")
        }
        guard let query = QueryParameters(target: call.head.uri) else {
            return .failure(.badRequest, code: "bad.request", message: "The query is not percent-encoded UTF-8.")
        }
        return answer(query)
    }

    private func token(of head: HTTPRequestHead) -> String? {
        let values = head.headers["Authorization"]
        guard values.count == 1, values[0].lowercased().hasPrefix("bearer ") else { return nil }
        return String(values[0].dropFirst("bearer ".count))
    }

    // MARK: The pre-flight

    private func preflight(_ query: QueryParameters, tenant: TenantState) -> HTTPReply {
        switch tenant.preflight {
        case .correct, .lying: break
        case .missing: return .failure(.notFound, code: "not.found", message: "HTTP 404 Not Found")
        case .serverError: return .askedFor(503)
        case .hanging:
            var reply = HTTPReply(status: .ok, json: "{}")
            reply.delay = .forever
            return reply
        }
        if let refusal = tenant.missingScope() { return refusal }
        var entities: [String] = []
        for text in query.values(of: "subscriptions") {
            guard let subscription = Subscription.parse(text) else {
                return .failure(
                    .badRequest,
                    code: "invalid.subscription",
                    message: "A subscription is not an array of one object."
                )
            }
            let standing = tenant.preflight == .lying ? .valid : tenant.resources.standing(of: subscription)
            entities.append(Self.entity(subscription, standing))
        }
        return HTTPReply(status: .ok, json: #"{"entities":[\#(entities.joined(separator: ","))]}"#)
    }

    private static func entity(_ subscription: Subscription, _ standing: SubscriptionStanding) -> String {
        var fields = [#""event":\#(JSONText.string(subscription.event))"#]
        if let resourceId = subscription.resourceId {
            fields.append(#""resourceId":\#(JSONText.string(resourceId))"#)
        }
        fields.append(#""state":"\#(standing == .valid ? "valid" : "invalid")""#)
        if let reason = standing.reason { fields.append(#""reason":\#(JSONText.string(reason))"#) }
        return "{\(fields.joined(separator: ","))}"
    }

    // MARK: The lists

    private func page(_ query: QueryParameters, list: ResourceList, tenant: TenantState) -> HTTPReply {
        guard let size = query.number("pageSize", in: ResourcePage.sizes, default: ResourcePage.sizeDefault),
            let number = query.number("pageNumber", in: 1...Int(Int32.max), default: 1)
        else {
            return .failure(
                .badRequest,
                code: "bad.request",
                message: "pageSize is in \(ResourcePage.sizes), pageNumber from 1."
            )
        }
        let entities = tenant.resources.entries
            .filter { $0.state != .deleted && $0.resource.list == list }
            .map { ResourcePage.Entity(id: $0.resource.resourceId, name: $0.resource.name) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let page = ResourcePage(path: list.path, all: entities, size: size, number: number)
        return HTTPReply(status: .ok, json: page.json)
    }
}
