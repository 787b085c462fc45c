import NIOCore
import NIOHTTP1

/// Channels and their subscriptions, for a call whose token is valid.
struct ChannelEndpoint {
    let cloud: SimulatedCloud
    let tenant: TenantState
    /// Secret.
    let token: String
    let tokenEnd: NIODeadline

    private var channels: TenantChannels { self.tenant.channels }

    func reply(_ head: HTTPRequestHead, route: ChannelRoute, body: String, now: NIODeadline) -> HTTPReply {
        self.channels.removeExpired(now: now)
        guard let query = QueryParameters(target: head.uri) else {
            return .failure(.badRequest, code: "bad.request", message: "The query is not percent-encoded UTF-8.")
        }
        if let refusal = self.tenant.missingScope() { return refusal }
        switch (route, head.method) {
        case (.channels, .POST): return self.create(head, now: now)
        case (.channels, .GET): return self.list(query, head, now: now)
        case (.channel(let id), .HEAD):
            return self.channel(id, now: now) == nil ? Self.gone : HTTPReply(status: .ok, json: "{}")
        case (.subscriptions(let id), .GET):
            guard let channel = self.channel(id, now: now) else { return Self.gone }
            return Self.listing(channel.subscriptions.map { .permitted($0) }, channel: id)
        case (.subscriptions(let id), .POST), (.subscriptions(let id), .PUT):
            guard let channel = self.channel(id, now: now) else { return Self.gone }
            return self.subscribe(channel, replaces: head.method == .PUT, query, body: body, now: now)
        case (.subscriptions(let id), .DELETE):
            guard self.channel(id, now: now) != nil else { return Self.gone }
            self.channels.unsubscribeAll(id, now: now)
            return HTTPReply(status: .ok, json: "{}")
        case (.availableTopics, .GET): return AvailableTopics(query).reply
        case _:
            return .failure(.methodNotAllowed, code: "method.not.allowed", message: "HTTP 405 Method Not Allowed")
        }
    }

    private static let gone = HTTPReply.failure(.notFound, code: "not.found", message: "Channel not found")

    private func channel(_ id: String, now: NIODeadline) -> RegisteredChannel? {
        guard let channel = self.channels.registry.channel(id, now: now) else { return nil }
        self.channels.registry.touch(id)
        return channel
    }

    // MARK: Channels

    private func create(_ head: HTTPRequestHead, now: NIODeadline) -> HTTPReply {
        let channel = self.channels.create(token: self.token, tokenEnd: self.tokenEnd, now: now)
        return HTTPReply(status: .ok, json: self.json(channel, head))
    }

    private func list(_ query: QueryParameters, _ head: HTTPRequestHead, now: NIODeadline) -> HTTPReply {
        var all = self.channels.registry.all
        switch query.values(of: "includechannels").first ?? "token" {
        case "token": all = all.filter { $0.token == self.token }
        case "oauthclient": break
        case _:
            return .failure(.badRequest, code: "bad.request", message: "includechannels is token or oauthclient.")
        }
        let entities = all.map { self.json($0, head) }.joined(separator: ",")
        return HTTPReply(status: .ok, json: #"{"entities":[\#(entities)]}"#)
    }

    private func json(_ channel: RegisteredChannel, _ head: HTTPRequestHead) -> String {
        // Where the client found this server it finds the socket, too, whatever is between them.
        let host = head.headers.first(name: "Host") ?? self.cloud.configuration.host
        let scheme = self.cloud.configuration.tls == nil ? "ws" : "wss"
        let uri = JSONText.string("\(scheme)://\(host)\(ChannelGate.pathPrefix)\(channel.id)")
        return #"{"connectUri":\#(uri),"id":"\#(channel.id)","expires":"\#(self.channels.wall.text(channel.expires))"}"#
    }

    // MARK: Subscriptions

    private func subscribe(
        _ channel: RegisteredChannel,
        replaces: Bool,
        _ query: QueryParameters,
        body: String,
        now: NIODeadline
    ) -> HTTPReply {
        guard let ids = SubscriptionRequest.topics(body) else {
            return .failure(.badRequest, code: "invalid.json", message: "The request body is not a list of topics.")
        }
        let gate = self.tenant.topicGate
        let rejected = self.channels.armed.takeRejection(among: ids)
        if rejected != nil { self.channels.ledger.fired(.subscriptionRejected) }
        let verdicts = ids.map { id in id == rejected ? Self.rejection(of: id) : gate.verdict(id) }
        if query.values(of: "ignoreErrors").first != "true", let refusal = Self.refusal(verdicts) { return refusal }
        let permitted = verdicts.compactMap(\.subscription)
        let count = replaces ? Set(permitted.map(\.id)).count : channel.count(with: permitted)
        guard count <= self.channels.settings.topicCountMax else {
            return .failure(
                .badRequest,
                code: "max.topics.exceeded",
                message: "A channel has \(self.channels.settings.topicCountMax) topics at the most, not \(count)."
            )
        }
        self.channels.subscribe(permitted, to: channel.id, replaces: replaces, gate: gate, now: now)
        if replaces { self.channels.sockets[channel.id]?.renewed() }
        let listed = self.channels.registry.channel(channel.id, now: now)?.subscriptions ?? []
        return Self.listing(
            listed.map { .permitted($0) } + verdicts.filter { $0.subscription == nil },
            channel: channel.id
        )
    }

    private static func rejection(of id: String) -> TopicVerdict {
        let catalog = TopicCatalog.shared
        let topics = catalog.combined(named: id) ?? [catalog.topic(named: id)].compactMap(\.self)
        return .forbidden(
            id: id,
            reason: TopicGate.missingPermission,
            missingPermissions: topics.first?.template.permissions ?? []
        )
    }

    /// What a call without `ignoreErrors` gets for the first topic that it may not have.
    private static func refusal(_ verdicts: [TopicVerdict]) -> HTTPReply? {
        for verdict in verdicts {
            switch verdict {
            case .permitted: continue
            case .unknown(let id):
                return .failure(.badRequest, code: "invalid.topic", message: "Topic \(id) is not a valid topic.")
            case .forbidden(let id, let reason, let missing):
                return .failure(
                    .forbidden,
                    code: "missing.any.permissions",
                    message: "\(reason) Topic \(id) needs \(missing.joined(separator: ", "))."
                )
            }
        }
        return nil
    }

    private static func listing(_ verdicts: [TopicVerdict], channel: String) -> HTTPReply {
        let entities = verdicts.map { verdict in
            switch verdict {
            case .permitted(let subscription): Self.entity(subscription.id, "Permitted", nil, [], channel)
            case .unknown(let id): Self.entity(id, "Rejected", "The topic is not a valid topic.", [], channel)
            case .forbidden(let id, let reason, let missing): Self.entity(id, "Rejected", reason, missing, channel)
            }
        }
        return HTTPReply(status: .ok, json: #"{"entities":[\#(entities.joined(separator: ","))]}"#)
    }

    private static func entity(
        _ id: String,
        _ state: String,
        _ reason: String?,
        _ missing: [String],
        _ channel: String
    ) -> String {
        var fields = [#""id":\#(JSONText.string(id)),"state":"\#(state)""#]
        if let reason { fields.append(#""rejectionReason":\#(JSONText.string(reason))"#) }
        if !missing.isEmpty {
            fields.append(#""missingPermissions":[\#(missing.map(JSONText.string).joined(separator: ","))]"#)
        }
        fields.append(#""selfUri":\#(JSONText.string("/api/v2/notifications/channels/\(channel)/subscriptions"))"#)
        return "{\(fields.joined(separator: ","))}"
    }
}
