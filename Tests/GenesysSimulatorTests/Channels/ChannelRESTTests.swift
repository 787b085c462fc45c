import Foundation
import GenesysSimulator
import Testing

/// Channels and subscriptions by REST.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ChannelRESTTests {
    private func entities(_ response: RawConnection.Response) throws -> [[String: Any]] {
        try #require(response.status == 200, "\(response)")
        return try #require(try json(response.body)["entities"] as? [[String: Any]])
    }

    private func expectFailure(_ response: RawConnection.Response, _ status: Int, _ code: String) throws {
        #expect(response.status == status, "\(response)")
        let body = try json(response.body)
        #expect(Set(body.keys) == ["message", "code", "status", "contextId", "details", "errors"])
        #expect(body["status"] as? Int == status && body["code"] as? String == code)
        #expect(body["contextId"] as? String == response.headers["inin-correlation-id"])
        #expect(body["details"] as? [String] == [] && body["errors"] as? [String] == [])
    }

    @Test func `a channel has an identifier, an address that is its credential, and an end`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let response = try await call(simulator, "POST", channelsPath, token: token)
            let body = try json(response.body)
            #expect(Set(body.keys) == ["connectUri", "id", "expires"])
            let id = try #require(body["id"] as? String)
            #expect(id.hasPrefix("streaming-"))
            #expect(body["connectUri"] as? String == "ws://localhost/channels/\(id)", "the host that was asked")
            let expires = try #require(body["expires"] as? String)
            let end = try Date(expires, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
            #expect(abs(end.timeIntervalSinceNow - 86_400) < 60)
            #expect(response.headers["inin-ratelimit-count"] == "1")
            #expect(response.headers["inin-ratelimit-allowed"] == "300")
            #expect(response.headers["inin-ratelimit-reset"] == "60")
        }
    }

    @Test func `channels are listed by token and by client, and asked for with HEAD`() async throws {
        try await withSimulator { simulator in
            let first = try await token(simulator)
            let second = try await token(simulator)
            let one = try await createChannel(simulator, token: first)
            let two = try await createChannel(simulator, token: second)
            func ids(_ query: String, _ token: String) async throws -> [String] {
                try self.entities(try await call(simulator, "GET", channelsPath + query, token: token))
                    .compactMap { $0["id"] as? String }
            }
            #expect(try await ids("", first) == [one.id])
            #expect(try await ids("?includechannels=token", second) == [two.id])
            #expect(try await ids("?includechannels=oauthclient", second) == [one.id, two.id])
            #expect(try await head(simulator, one, token: second) == 200)
            let unknown = try await call(simulator, "HEAD", channelsPath + "/streaming-0-abc", token: first)
            #expect(unknown.status == 404 && unknown.body.isEmpty)
            let removal = try await call(simulator, "DELETE", "\(channelsPath)/\(one.id)", token: first)
            try self.expectFailure(removal, 405, "method.not.allowed")
            #expect(try await head(simulator, one, token: first) == 200)
        }
    }

    @Test func `subscriptions are added, replaced, listed and emptied`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            let path = "\(channelsPath)/\(channel.id)/subscriptions"
            func list() async throws -> [String] {
                try self.entities(try await call(simulator, "GET", path, token: token)).compactMap {
                    $0["id"] as? String
                }
            }
            #expect(try await list() == [])
            let added = try await subscribe(simulator, channel, [presence(0), presence(0)], token: token)
            #expect(added.map { $0["state"] as? String } == ["Permitted"])
            #expect(added[0]["selfUri"] is String)
            try await subscribe(simulator, channel, [presence(1), "channel.metadata"], token: token)
            #expect(try await list() == [presence(0), presence(1), "channel.metadata"])
            try await subscribe(simulator, channel, [presence(1)], token: token, method: "PUT")
            #expect(try await list() == [presence(1)])
            #expect(try await call(simulator, "DELETE", path, token: token).status == 200)
            #expect(try await list() == [])
        }
    }

    @Test func `a topic without permission fails the call, or is told by its state`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            let path = "\(channelsPath)/\(channel.id)/subscriptions"
            try await simulator.setForbidden(true, resource: users[0], tenant: "acme")
            let topics = [presence(1), presence(0), "v2.nothing.here", "v2.users.me.presence"]
            let forbidden = try await call(simulator, "POST", path, token: token, body: topicList(Array(topics[..<2])))
            try self.expectFailure(forbidden, 403, "missing.any.permissions")
            let invalid = try await call(simulator, "POST", path, token: token, body: topicList([topics[2]]))
            try self.expectFailure(invalid, 400, "invalid.topic")
            #expect(try self.entities(try await call(simulator, "GET", path, token: token)).isEmpty)
            let entities = try await subscribe(
                simulator,
                channel,
                topics,
                token: token,
                method: "PUT",
                query: "?ignoreErrors=true"
            )
            #expect(entities.map { $0["id"] as? String } == topics)
            #expect(entities.map { $0["state"] as? String } == ["Permitted", "Rejected", "Rejected", "Rejected"])
            #expect(entities[0]["rejectionReason"] == nil)
            #expect(entities[1]["missingPermissions"] as? [String] == ["directory:user:view"])
            #expect(entities[2]["rejectionReason"] is String)
            #expect(try self.entities(try await call(simulator, "GET", path, token: token)).count == 1)
        }
    }

    @Test(arguments: ["v2.users.*.presence", "v2.users.*", "v2.routing.queues.a*.users", "v2.users.{user}.presence"])
    func `a wildcard or a placeholder is no id, and its topic none`(topic: String) async throws {
        for adjust: @Sendable (inout SimulatorConfiguration) -> Void in [
            { _ in }, { $0.channels.acceptsCombinedTopics = true },
        ] {
            try await withSimulator(acme, adjust) { simulator in
                let token = try await token(simulator)
                let channel = try await createChannel(simulator, token: token)
                for topic in [topic, "\(topic)?presence&station"] {
                    let path = "\(channelsPath)/\(channel.id)/subscriptions"
                    let invalid = try await call(simulator, "POST", path, token: token, body: topicList([topic]))
                    try self.expectFailure(invalid, 400, "invalid.topic")
                    let entities = try await subscribe(
                        simulator,
                        channel,
                        [topic],
                        token: token,
                        query: "?ignoreErrors=true"
                    )
                    #expect(entities.map { $0["state"] as? String } == ["Rejected"])
                }
            }
        }
    }

    @Test func `topics can be forbidden by their kind, and combined where that is on`() async throws {
        func states(_ adjust: (inout ChannelSettings) -> Void, _ topics: [String]) async throws -> [String?] {
            try await withSimulator(acme, { adjust(&$0.channels) }) { simulator in
                let token = try await token(simulator)
                let channel = try await createChannel(simulator, token: token)
                return try await subscribe(simulator, channel, topics, token: token, query: "?ignoreErrors=true")
                    .map { $0["state"] as? String }
            }
        }
        let combined = "v2.users.\(users[0])?presence&routingStatus"
        #expect(try await states({ _ in }, [combined]) == ["Rejected"])
        #expect(try await states({ $0.acceptsCombinedTopics = true }, [combined]) == ["Permitted"])
        let forbidden: Set = ["v2.users.{id}.presence"]
        #expect(try await states({ $0.forbiddenTemplates = forbidden }, [presence(0)]) == ["Rejected"])
    }

    @Test func `a combined topic fails the call where that is off, and is one topic where it is on`() async throws {
        let combined = ["presence&routingStatus", "station&activity"].map { "v2.users.\(users[0])?\($0)" }
        for isOn in [false, true] {
            try await withSimulator(
                acme,
                {
                    $0.channels.acceptsCombinedTopics = isOn
                    $0.channels.topicCountMax = 2
                }
            ) { simulator in
                let token = try await token(simulator)
                let channel = try await createChannel(simulator, token: token)
                let path = "\(channelsPath)/\(channel.id)/subscriptions"
                func post(_ topics: some Sequence<String>) async throws -> RawConnection.Response {
                    try await call(simulator, "POST", path, token: token, body: topicList(Array(topics)))
                }
                guard isOn else {
                    return try self.expectFailure(try await post(combined.prefix(1)), 400, "invalid.topic")
                }
                for wrong in ["?presence&presence", "?presence&nothing", "?", "?" + String(repeating: "x", count: 200)]
                {
                    try self.expectFailure(try await post(["v2.users.\(users[0])\(wrong)"]), 400, "invalid.topic")
                }
                #expect(
                    try self.entities(try await post(combined)).count == 2,
                    "four topics, two subscriptions"
                )
                try self.expectFailure(try await post([presence(1)]), 400, "max.topics.exceeded")
            }
        }
    }

    @Test func `calls without a token, of the wrong shape or size are refused as the platform does`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            let path = "\(channelsPath)/\(channel.id)/subscriptions"
            try self.expectFailure(try await call(simulator, "POST", channelsPath, token: "no"), 401, "bad.credentials")
            for body in ["", "{}", "[1]", #"[{"name":"a"}]"#, #"[{"id":"a"}"#, "[{\"id\":\"\u{1}\"}]"] {
                let response = try await call(simulator, "POST", path, token: token, body: body)
                try self.expectFailure(response, 400, "invalid.json")
            }
            let gone = "\(channelsPath)/streaming-0-a/subscriptions"
            for method in ["GET", "POST", "PUT", "DELETE"] {
                try self.expectFailure(
                    try await call(simulator, method, gone, token: token, body: method == "GET" ? "" : "[]"),
                    404,
                    "not.found"
                )
            }
            let large = String(repeating: " ", count: 1 << 20) + "[]"
            let refused = try await call(simulator, "POST", path, token: token, body: large)
            try self.expectFailure(refused, 413, "too.large")
            let query = try await call(simulator, "GET", channelsPath + "?includechannels=%", token: token)
            try self.expectFailure(query, 400, "bad.request")
            try await simulator.setMayReadNotifications(false)
            let scope = try await call(simulator, "POST", channelsPath, token: token)
            try self.expectFailure(scope, 403, "missing.any.permissions")
        }
    }

    @Test func `a token has 300 calls a minute, whatever they are`() async throws {
        try await withSimulator(acme, { $0.restCallsPerWindow = 3 }) { simulator in
            let token = try await token(simulator)
            let channel = try await createChannel(simulator, token: token)
            #expect(try await head(simulator, channel, token: token) == 200)
            #expect(try await rest(simulator, "/api/v2/users", token: token).status == 200)
            let limited = try await call(simulator, "POST", channelsPath, token: token)
            try self.expectFailure(limited, 429, "too.many.requests.retry.after")
            #expect(limited.headers["retry-after"] == limited.headers["inin-ratelimit-reset"])
            #expect(limited.headers["inin-ratelimit-count"] == "4")
            let other = try await GenesysSimulatorTests.token(simulator)
            #expect(try await head(simulator, channel, token: other) == 200)
            #expect(try await simulator.tenant().restCallsLimited == 1)
        }
    }

    @Test func `available topics have what is asked for`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let path = "/api/v2/notifications/availabletopics"
            let bare = try self.entities(try await call(simulator, "GET", path, token: token))
            #expect(bare.count == 237 && bare.allSatisfy { Set($0.keys) == ["id"] })
            let query = "?expand=description&expand=requiresPermissions,schema"
            let full = try self.entities(try await call(simulator, "GET", path + query, token: token))
            let topic = try #require(full.first { $0["id"] as? String == "v2.users.{id}.presence" })
            #expect(Set(topic.keys) == ["id", "description", "requiresPermissions", "schema"])
            let schema = try #require(topic["schema"] as? [String: Any])
            let properties = try #require(schema["properties"] as? [String: Any])
            #expect((properties["modifiedDate"] as? [String: String])?["format"] == "date-time")
        }
    }

    @Test func `each dialect can be left out`() async throws {
        try await withSimulator(acme, { $0.channels.isServed = false }) { simulator in
            let token = try await token(simulator)
            #expect(try await call(simulator, "POST", channelsPath, token: token).status == 404)
            #expect(try await rest(simulator, "/api/v2/users", token: token).status == 200)
            #expect(try await rejectedUpgrade(simulator, "/channels/a").status == 404)
        }
        try await withSimulator(acme, { $0.servesStream = false }) { simulator in
            let token = try await token(simulator)
            #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 404)
            #expect(try await call(simulator, "POST", channelsPath, token: token).status == 200)
        }
    }
}
