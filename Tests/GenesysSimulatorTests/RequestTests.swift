import GenesysSimulator
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RequestTests {
    @Test func `credentials are exchanged for a token with reserved characters`() async throws {
        try await withSimulator(acme, { $0.tokenLifetimeSeconds = 77 }) { simulator in
            let response = try await requestToken(simulator)
            let body = try json(response.body)
            #expect(response.status == 200)
            #expect(body["token_type"] as? String == "bearer")
            #expect(body["expires_in"] as? Int == 77)
            let token = try #require(body["access_token"] as? String)
            for character in "+/=&" { #expect(token.contains(character)) }
            #expect(try await simulator.tenant().tokensIssued == 1)
        }
    }

    @Test func `a wrong secret is refused with 401, another grant with 400`() async throws {
        try await withSimulator { simulator in
            let wrong = try await requestToken(simulator, secret: "wrong")
            #expect(wrong.status == 401)
            #expect(try json(wrong.body)["error"] as? String == "invalid_client")
            let grant = try await RawConnection.open(port: simulator.port) { connection in
                try await connection.request(
                    "POST",
                    "/oauth/token",
                    headers: ["Authorization": basic(acme), "Content-Type": "application/x-www-form-urlencoded"],
                    body: "grant_type=password"
                )
            }
            #expect(grant.status == 400)
            let truth = try await simulator.snapshot()
            #expect(truth.tokenRequestsUnattributed == 1)
            #expect(truth[tenant: "acme"]?.tokenRequests == 1)
            #expect(truth[tenant: "acme"]?.tokensIssued == 0)
        }
    }

    @Test func `an unknown token and one that was encoded wrongly are refused with 401`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            #expect(try await rejectedUpgrade(simulator, target(token: "unknown")).status == 401)
            #expect(try await rejectedUpgrade(simulator, target(token: encoded(token))).status == 401)
            let plus = target(token: token).replacing("%2B", with: "+", maxReplacements: 1)
            let response = try await rejectedUpgrade(simulator, plus)
            #expect(response.status == 401)
            #expect(try json(response.body)["status"] as? Int == 401)
            #expect(try await rejectedUpgrade(simulator, "/api/v2/notifications/stream?access_token=%").status == 400)
            #expect(try await simulator.snapshot().upgradesUnattributed == 4)
        }
    }

    @Test func `an expired token is refused with 401, and its stream is closed with 4001`() async throws {
        // Long enough for a busy machine to open the stream in.
        try await withSimulator(acme, { $0.tokenLifetimeSeconds = 5 }) { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { stream in
                while try await stream.message() != nil {}
                #expect(stream.closeCode == 4001)
                #expect(stream.closeReason == "token_expired")
                try await stream.sendClose(4001)
                #expect(try await stream.frame() == nil)
            }
            let response = try await rejectedUpgrade(simulator, target(token: token))
            #expect(response.status == 401)
            #expect(response.body.contains("token.expired"))
            #expect(try await simulator.tenant().expiriesOnStream == 1)
        }
    }

    @Test func `a tenant without the scope is refused with 403`() async throws {
        var tenant = acme
        tenant.mayReadNotifications = false
        try await withSimulator(tenant) { simulator in
            let response = try await rejectedUpgrade(simulator, target(token: try await token(simulator)))
            #expect(response.status == 403)
            #expect(response.body.contains("notification:read"))
        }
    }

    private static let invalidSubscription = "Invalid subscription: resource not found or insufficient permissions"
    private static let badLists = [
        [], [#"[{"event":"no.such.event"}]"#], [#"[{"event":"user.presence","resourceId":"none"}]"#],
        everything + [#"[{"event":"no.such.event"}]"#],
    ]

    @Test(arguments: Self.badLists)
    func `one bad subscription spoils the list: the stream is closed with 400 at once (S5.1)`(
        subscriptions: [String]
    ) async throws {
        try await withSimulator { simulator in
            try await withStream(simulator, subscriptions: subscriptions) { stream in
                let frame = try #require(try await stream.frame())
                #expect(frame.opcode == 8 && Array(frame.payload.prefix(2)) == [1, 144], "400, as it is")
                #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == Self.invalidSubscription)
                try await stream.sendClose(1002)
                #expect(try await stream.frame() == nil)
            }
            let truth = try await simulator.tenant()
            #expect(truth.upgradeAnswers == ["close 400": 1])
            #expect(truth.upgradesAccepted == 0 && truth.connections == [] && truth.firstSequence == nil)
        }
    }

    @Test(arguments: Self.badLists)
    func `one bad subscription spoils the list with HTTP 400 where that is set (S5.1)`(
        subscriptions: [String]
    ) async throws {
        try await withSimulator(acme, { $0.invalidSubscriptionAnswer = .http }) { simulator in
            let token = try await token(simulator)
            let response = try await rejectedUpgrade(simulator, target(token: token, subscriptions: subscriptions))
            #expect(response.status == 400)
            #expect(try json(response.body)["message"] as? String == Self.invalidSubscription)
            #expect(try await simulator.tenant().upgradeAnswers == ["400": 1])
        }
    }

    @Test func `a subscription that is not JSON is refused with HTTP 400`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            #expect(
                try await rejectedUpgrade(simulator, target(token: token, subscriptions: ["nonsense"])).status == 400
            )
        }
    }

    @Test(arguments: [
        ["maxBatchSize": "0"], ["maxBatchSize": "x"], ["maxLatency": "-1"], ["lastEventId": "a", "timestamp": "b"],
    ])
    func `a parameter out of its range is refused with 400`(parameters: [String: String]) async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            #expect(try await rejectedUpgrade(simulator, target(token: token, parameters)).status == 400)
        }
    }

    @Test(arguments: [["lastEventId": "never given"], ["lastEventId": ""], ["timestamp": "2026-11-23T10:00:00Z"]])
    func `a position that the server does not have is refused with 410`(position: [String: String]) async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            #expect(try await rejectedUpgrade(simulator, target(token: token, position)).status == 410)
        }
    }

    @Test func `a plain request for the stream is answered with 426, others with 404, on one connection`() async throws
    {
        try await withSimulator { simulator in
            let target = target(token: try await token(simulator))
            try await RawConnection.open(port: simulator.port) { connection in
                let plain = try await connection.request("GET", target)
                #expect(plain.status == 426)
                #expect(plain.headers["upgrade"] == "websocket")
                #expect(try await connection.request("GET", "/nothing").status == 404)
                #expect(try await connection.request("GET", "/oauth/token").status == 405)
                let large = String(repeating: "x", count: 70_000)
                #expect(try await connection.request("POST", "/simulator/stop", body: large).status == 413)
            }
            #expect(try await rejectedUpgrade(simulator, "/other").status == 404)
            let handshake = try await RawConnection.open(port: simulator.port) { connection in
                try await connection.request("GET", target, headers: ["Upgrade": "websocket", "Connection": "Upgrade"])
            }
            #expect(handshake.status == 400, "a handshake without a key")
        }
    }

    @Test func `bare reserved characters in the query are recorded`() async throws {
        try await withSimulator { simulator in
            let target = target(token: try await token(simulator)).replacing("%5B", with: "[")
            _ = try await RawConnection.open(port: simulator.port) { try await $0.upgrade(target) }
            #expect(try await simulator.tenant().violations == ["queryNotEncoded": 1])
        }
    }

    @Test func `the control routes do what the methods do`() async throws {
        try await withSimulator { simulator in
            try await RawConnection.open(port: simulator.port) { connection in
                let fault = try await connection.request(
                    "POST",
                    "/simulator/faults",
                    body: #"{"fault":"rejectUpgrade","tenant":"acme","status":502}"#
                )
                #expect(fault.body == #"{"reached":1}"#)
                #expect(try await rejectedUpgrade(simulator, target(token: try await token(simulator))).status == 502)
                let rate = try await connection.request(
                    "POST",
                    "/simulator/rate",
                    body: #"{"tenant":"acme","eventsPerSecond":0}"#
                )
                #expect(rate.status == 200)
                #expect(try await connection.request("POST", "/simulator/stop", body: "{}").status == 200)
                let tenants = try await connection.request("GET", "/simulator/tenants")
                let list = try #require(try json(tenants.body)["tenants"] as? [[String: Any]])
                #expect(list[0]["name"] as? String == "acme")
                #expect(list[0]["faultsFired"] as? [String: Int] == ["rejectUpgrade": 1])
                #expect(list[0]["upgradeAttempts"] as? Int == 1)
                let bodies = ["", "[]", #"{"fault":"none"}"#, #"{"fault":"reset","count":0}"#]
                for body in bodies {
                    #expect(
                        try await connection.request("POST", "/simulator/faults", body: body).status == 400,
                        "\(body)"
                    )
                }
                let unknown = #"{"fault":"reset","tenant":"nobody"}"#
                #expect(try await connection.request("POST", "/simulator/faults", body: unknown).status == 404)
                #expect(try await connection.request("GET", "/simulator/nothing").status == 404)
            }
        }
        try await withSimulator(acme, { $0.servesControlRoutes = false }) { simulator in
            try await RawConnection.open(port: simulator.port) { connection in
                let response = try await connection.request("GET", "/simulator/tenants")
                #expect(response.status == 404)
            }
        }
    }
}
