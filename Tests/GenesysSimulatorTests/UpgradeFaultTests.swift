import GenesysSimulator
import Testing

/// Faults of the handshake and of token requests.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct UpgradeFaultTests {
    private func fired(_ simulator: GenesysSimulator) async throws -> [String: Int] {
        try await simulator.tenant().faultsFired
    }

    @Test func `token requests run into the faults that lie in wait for them, once each`() async throws {
        try await withSimulator { simulator in
            try await simulator.inject(.tokenRefused(status: 400, count: 1), tenant: "acme")
            try await simulator.inject(.tokenRefused(status: 401, count: 1), tenant: "acme")
            try await simulator.inject(.tokenServerError(status: 502, count: 1), tenant: "acme")
            let refused = try await requestToken(simulator)
            #expect(refused.status == 400)
            #expect(try json(refused.body)["error"] as? String == "invalid_client")
            #expect(try await requestToken(simulator).status == 401)
            #expect(try await requestToken(simulator).status == 502)
            #expect(try await requestToken(simulator).status == 200)
            #expect(try await self.fired(simulator) == ["tokenRefused": 2, "tokenServerError": 1])
            #expect(try await simulator.tenant().tokenRequests == 4)
        }
    }

    @Test func `a token request hangs for as long as it was asked to, or until the client gives up`() async throws {
        try await withSimulator { simulator in
            try await simulator.inject(.tokenHang(count: 1, durationMilliseconds: 150))
            let start = ContinuousClock.now
            #expect(try await requestToken(simulator).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(150))
            try await simulator.inject(.tokenHang(count: 1, durationMilliseconds: nil))
            try await self.expectNoAnswer(simulator, fault: "tokenHang", count: 2) { connection in
                let head = "POST /oauth/token HTTP/1.1\r\nHost: a\r\nAuthorization: \(basic(acme))\r\n"
                let type = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 29\r\n\r\n"
                try await connection.send(head + type + "grant_type=client_credentials")
            }
        }
    }

    /// Sends, and sees that nothing comes back while other requests are answered, until the simulator is shut down.
    private func expectNoAnswer(
        _ simulator: GenesysSimulator,
        fault: String,
        count: Int,
        _ send: (RawConnection) async throws -> Void
    ) async throws {
        try await RawConnection.open(port: simulator.port) { connection in
            try await send(connection)
            try await until { try await self.fired(simulator)[fault] == count }
            for _ in 0..<20 {
                _ = try await RawConnection.open(port: simulator.port) { try await $0.request("GET", "/") }
            }
            await simulator.shutdown()
            #expect(try await connection.drain() == [])
        }
    }

    @Test func `upgrades run into the faults that lie in wait for them, once each`() async throws {
        try await withSimulator { simulator in
            let target = target(token: try await token(simulator))
            try await simulator.inject(.rejectUpgrade(status: 502, count: 2))
            try await simulator.inject(.scopeRemoved(count: 1))
            try await simulator.inject(.upgradeHang(count: 1, durationMilliseconds: 20))
            #expect(try await rejectedUpgrade(simulator, target).status == 502)
            #expect(try await rejectedUpgrade(simulator, target).status == 502)
            let forbidden = try await rejectedUpgrade(simulator, target)
            #expect(forbidden.status == 403)
            #expect(forbidden.body.contains("notification:read"))
            #expect(try await rejectedUpgrade(simulator, target).status == 503, "late, and then refused")
            #expect(try await rejectedUpgrade(simulator, target).status == 101)
            let truth = try await simulator.tenant()
            #expect(truth.faultsFired == ["rejectUpgrade": 2, "scopeRemoved": 1, "upgradeHang": 1])
            #expect(truth.upgradeAnswers == ["502": 2, "403": 1, "503": 1, "101": 1])
            #expect(truth.upgradeAttemptsPerSecond.reduce(0) { $0 + $1[1] } == 5)
            let snapshot = try await simulator.snapshot()
            #expect(snapshot.upgradeAttemptsPerSecond.reduce(0) { $0 + $1[1] } == 5)
        }
    }

    @Test func `an upgrade hangs until the client gives up`() async throws {
        try await withSimulator { simulator in
            let target = target(token: try await token(simulator))
            try await simulator.inject(.upgradeHang(count: 1, durationMilliseconds: nil))
            try await self.expectNoAnswer(simulator, fault: "upgradeHang", count: 1) { connection in
                let head = "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                let key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                try await connection.send(head + key)
            }
            #expect(try await simulator.tenant().upgradeAnswers == ["none": 1])
        }
    }

    @Test func `the scope can be taken and given back while streams go on (S1.7)`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { stream in
                try await order(simulator, "scope", #"{"tenant":"acme","granted":false}"#)
                #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 403)
                _ = try await stream.batchWithEvents()
                try await simulator.setMayReadNotifications(true)
                #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 101)
            }
        }
    }

    @Test(arguments: InvalidSubscriptionAnswer.allCases)
    func `a handshake can be refused as invalid although nothing is wrong with it (S5.4)`(
        answer: InvalidSubscriptionAnswer
    ) async throws {
        try await withSimulator(acme, { $0.invalidSubscriptionAnswer = answer }) { simulator in
            let token = try await token(simulator)
            try await simulator.inject(.invalidSubscription(count: 1))
            switch answer {
            case .http: #expect(try await rejectedUpgrade(simulator, target(token: token)).status == 400)
            case .close:
                try await withStream(simulator, token: token) { stream in
                    let message = try await stream.message()
                    #expect(message == nil)
                    #expect(stream.closeCode == 400)
                    #expect(
                        stream.closeReason == "Invalid subscription: resource not found or insufficient permissions"
                    )
                }
            }
            try await withStream(simulator, token: token) { _ = try await $0.batchWithEvents() }
            #expect(try await self.fired(simulator) == ["invalidSubscription": 1])
        }
    }

    // MARK: Throttling

    @Test(arguments: [UInt16(429), 4429, 1008, 1013])
    func `upgrades from a blocked address are refused with 429 and are violations, of whatever tenant (S3.4)`(
        code: UInt16
    ) async throws {
        var bolt = acme
        (bolt.name, bolt.clientId) = ("bolt", "bolt-client")
        let tenants = [acme, bolt]
        try await withSimulator(
            acme,
            {
                $0.tenants = tenants; $0.holdOffGraceMilliseconds = 0
            }
        ) { simulator in
            let tokens = [try await token(simulator), try await token(simulator, bolt)]
            try await withStream(simulator, token: tokens[0]) { stream in
                try await simulator.inject(.rateLimited(code: code, retryAfterSeconds: 600), tenant: "acme")
                while try await stream.message() != nil {}
                #expect(stream.closeCode == Int(code))
            }
            for token in tokens + ["unknown"] {
                let response = try await rejectedUpgrade(simulator, target(token: token))
                #expect(response.status == 429)
                #expect(response.headers["retry-after"].flatMap { Int($0) }.map { (500...600).contains($0) } == true)
            }
            let truth = try await simulator.snapshot()
            #expect(truth[tenant: "acme"]?.violations == ["upgradeDuringHoldOff": 1])
            #expect(truth[tenant: "bolt"]?.violations == ["upgradeDuringHoldOff": 1])
            #expect(truth.violations == ["upgradeDuringHoldOff": 3], "one of them is nobody's")
            #expect(truth.faultsFired == ["rateLimited": 1])
        }
    }

    @Test func `an attempt that was already under way is refused but is no violation, and the block ends`()
        async throws
    {
        try await withSimulator(acme, { $0.holdOffGraceMilliseconds = 60_000 }) { simulator in
            let target = target(token: try await token(simulator))
            try await simulator.inject(.rateLimitedUpgrade(count: 1, retryAfterSeconds: 600, blockMilliseconds: 200))
            let first = try await rejectedUpgrade(simulator, target)
            #expect(first.status == 429 && first.headers["retry-after"] == "600")
            #expect(try await rejectedUpgrade(simulator, target).status == 429)
            while try await rejectedUpgrade(simulator, target).status == 429 {}
            #expect(try await simulator.tenant().violations.isEmpty)
            #expect(try await self.fired(simulator) == ["rateLimitedUpgrade": 1])
        }
    }

    // MARK: Positions

    @Test func `a resume is told in each form that its position is gone, and can be inclusive (S4.9, S4.10)`()
        async throws
    {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        try await withSimulator(tenant, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            let first = try await withStream(simulator, token: token) { try await $0.batchWithEvents() }
            let resume = ["lastEventId": try #require(first.position)]
            for form in PositionLossForm.allCases { try await simulator.inject(.positionLost(count: 1, form: form)) }
            #expect(try await rejectedUpgrade(simulator, target(token: token, resume)).status == 410)
            let bad = try await rejectedUpgrade(simulator, target(token: token, resume))
            #expect(bad.status == 400 && bad.body.contains("position"))
            try await withStream(simulator, token: token, resume) { stream in
                let message = try await stream.message()
                #expect(message == nil)
                #expect(stream.closeCode == 400)
                #expect(stream.closeReason == "The resume position (lastEventId) is no longer available.")
            }
            try await simulator.inject(.inclusiveReplay(count: 1))
            let again = try await withStream(simulator, token: token, resume) { try await $0.batchWithEvents() }
            #expect(again.events.first == first.events.last)
            let next = try await withStream(simulator, token: token, resume) { try await $0.batchWithEvents() }
            #expect(next.sequences.first == first.sequences.last.map { $0 + 1 })
            #expect(try await self.fired(simulator) == ["positionLost": 3, "inclusiveReplay": 1])
        }
    }

    @Test func `where positions stay lost, those before are lost with it, and what comes behind is not`() async throws {
        try await withSimulator(acme, { $0.keepsPositionsLost = true }) { simulator in
            let token = try await token(simulator)
            let positions = try await withStream(simulator, token: token, ["maxBatchSize": "10"]) { stream in
                try await [stream.batchWithEvents(), stream.batchWithEvents(), stream.batchWithEvents()].map {
                    try #require($0.position)
                }
            }
            try await simulator.inject(.positionLost(count: 1, form: .badRequest))
            for (position, status) in [(positions[1], 400), (positions[1], 410), (positions[0], 410)] {
                let resume = ["lastEventId": position]
                #expect(try await rejectedUpgrade(simulator, target(token: token, resume)).status == status)
            }
            #expect(try await self.fired(simulator) == ["positionLost": 1])
            try await withStream(simulator, token: token, ["lastEventId": positions[2]]) { stream in
                _ = try await stream.batchWithEvents()
            }
        }
    }

    @Test func `what lies between a lost position and a new start is skipped, sent or not`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let position = try await withStream(simulator, token: token, ["maxBatchSize": "10"]) { stream in
                let first = try await stream.batchWithEvents()
                _ = try await stream.batchWithEvents()
                return (text: try #require(first.position), next: try #require(first.sequences.last) + 1)
            }
            try await simulator.inject(.positionLost(count: 1))
            let resume = ["lastEventId": position.text]
            #expect(try await rejectedUpgrade(simulator, target(token: token, resume)).status == 410)
            try await withStream(simulator, token: token) { stream in
                let start = try await stream.batchWithEvents().sequences[0]
                let truth = try await simulator.tenant()
                #expect(truth.skipped == [[position.next, start]])
                for resource in truth.resources {
                    let skipped = try #require(resource.skippedKeySequences.first)
                    #expect(resource.skippedKeySequences.count == 1 && skipped[0] < skipped[1])
                }
                let keys = truth.resources.map { $0.skippedKeySequences[0][1] - $0.skippedKeySequences[0][0] }
                #expect(keys.reduce(0, +) == start - position.next)
            }
        }
    }
}
