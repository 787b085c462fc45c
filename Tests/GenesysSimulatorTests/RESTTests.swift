import GenesysSimulator
import NIOCore
import Testing

@testable import GenesysSimulator

/// The pre-flight and the lists of resources.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct RESTTests {
    private static let preflight = "/api/v2/notifications/stream/subscriptions"

    private func entities(_ response: RawConnection.Response) throws -> [[String: Any]] {
        try #require(response.status == 200, "\(response)")
        return try #require(try json(response.body)["entities"] as? [[String: Any]])
    }

    private func preflightTarget(_ subscriptions: [String]) -> String {
        Self.preflight + "?" + subscriptions.map { "subscriptions=\(encoded($0))" }.joined(separator: "&")
    }

    @Test func `the pre-flight says of each subscription whether it is valid, and why not (S5.2)`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let forbidden = acme.resources[0]
            let deleted = acme.resources[1]
            try await simulator.setForbidden(true, resource: forbidden.resourceId, tenant: "acme")
            try await simulator.deleteResource(deleted.resourceId, tenant: "acme")
            let list = [subscription(acme.resources[2]), subscription(forbidden), subscription(deleted), everything[0]]
            let entities = try self.entities(try await rest(simulator, self.preflightTarget(list), token: token))
            #expect(entities.map { $0["state"] as? String } == ["valid", "invalid", "invalid", "valid"])
            #expect(
                entities.map { $0["reason"] as? String } == [
                    nil, "insufficient permissions", "resource not found", nil,
                ]
            )
            #expect(
                entities.map { $0["resourceId"] as? String } == [
                    acme.resources[2].resourceId, forbidden.resourceId, deleted.resourceId, nil,
                ]
            )
            #expect(
                entities.map { $0["event"] as? String } == [
                    acme.resources[2].event, forbidden.event, deleted.event, "routing.queueEvents",
                ]
            )
            #expect(try await rest(simulator, self.preflightTarget(["nonsense"]), token: token).status == 400)
            #expect(try self.entities(try await rest(simulator, Self.preflight, token: token)).isEmpty)
            #expect(try await simulator.tenant().restCalls == ["subscriptions": 3])
        }
    }

    @Test func `the pre-flight can be missing, lie, fail and hang (S5.4)`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            let target = self.preflightTarget([#"[{"event":"no.such.event"}]"#])
            try await order(simulator, "preflight", #"{"tenant":"acme","mode":"missing"}"#)
            #expect(try await rest(simulator, target, token: token).status == 404)
            try await simulator.setPreflight(.serverError)
            #expect(try await rest(simulator, target, token: token).status == 503)
            try await simulator.setPreflight(.lying)
            let lie = try self.entities(try await rest(simulator, target, token: token))
            #expect(lie.map { $0["state"] as? String } == ["valid"])
            try await simulator.setPreflight(.correct)
            let truth = try self.entities(try await rest(simulator, target, token: token))
            #expect(truth.map { $0["state"] as? String } == ["invalid"])
            try await simulator.setMayReadNotifications(false)
            #expect(try await rest(simulator, target, token: token).status == 403)
            try await simulator.setPreflight(.hanging)
            try await RawConnection.open(port: simulator.port) { connection in
                try await connection.send("GET \(target) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n")
                try await until { try await simulator.tenant().restCalls["subscriptions"] == 6 }
                await simulator.shutdown()
                #expect(try await connection.drain() == [])
            }
        }
    }

    @Test func `errors have the upstream's shape and a correlation identifier`() async throws {
        try await withSimulator { simulator in
            let response = try await rest(simulator, "/api/v2/users", token: "unknown")
            #expect(response.status == 401)
            let body = try json(response.body)
            #expect(Set(body.keys) == ["message", "code", "status", "contextId", "details", "errors"])
            #expect(body["status"] as? Int == 401)
            #expect(body["code"] as? String == "bad.credentials")
            #expect(body["contextId"] as? String == response.headers["inin-correlation-id"])
            #expect(try await simulator.snapshot().restCallsUnattributed == 1)
            let token = try await token(simulator)
            #expect(try await rest(simulator, "/api/v2/users", token: token, method: "POST").status == 405)
            #expect(try await rest(simulator, "/api/v2/nothing", token: token).status == 404)
            for bad in ["pageSize=501", "pageSize=0", "pageNumber=0", "pageNumber=x", "pageSize=%"] {
                #expect(try await rest(simulator, "/api/v2/users?\(bad)", token: token).status == 400, "\(bad)")
            }
        }
    }

    @Test func `an expired token is refused with 401`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { _ in _ = try await simulator.inject(.tokenExpired) }
            let response = try await rest(simulator, "/api/v2/users", token: token)
            #expect(response.status == 401 && response.body.contains("token.expired"))
        }
    }

    // MARK: Lists

    @Test func `lists are paged from one, with links that lead through all of them (S5.5)`() async throws {
        var tenant = acme
        tenant.resources = SimulatedResource.generated(count: 190)
        try await withSimulator(tenant) { simulator in
            let token = try await token(simulator)
            for list in ResourceList.allCases {
                let wanted = Set(tenant.resources.filter { $0.list == list }.map(\.resourceId))
                var seen: [String] = []
                var next: String? = list.path
                var pageCount = 0
                while let target = next {
                    let response = try await rest(simulator, target, token: token)
                    let page = try json(response.body)
                    let entities = try self.entities(response)
                    pageCount += 1
                    #expect(page["pageSize"] as? Int == 25)
                    #expect(page["pageNumber"] as? Int == pageCount)
                    #expect(page["total"] as? Int == wanted.count)
                    #expect(page["pageCount"] as? Int == (wanted.count + 24) / 25)
                    #expect(page["firstUri"] as? String == "\(list.path)?pageSize=25&pageNumber=1")
                    #expect(
                        page["lastUri"] as? String == "\(list.path)?pageSize=25&pageNumber=\((wanted.count + 24) / 25)"
                    )
                    #expect(entities.count == 25 || page["nextUri"] == nil)
                    for entity in entities {
                        let id = try #require(entity["id"] as? String)
                        #expect(entity["selfUri"] as? String == "\(list.path)/\(id)")
                        #expect((entity["name"] as? String)?.hasPrefix(list == .queues ? "Queue " : "User ") == true)
                        seen.append(id)
                    }
                    next = page["nextUri"] as? String
                }
                #expect(seen.count == wanted.count && Set(seen) == wanted)
            }
            let all = try await rest(simulator, "/api/v2/users?pageSize=500", token: token)
            #expect(try self.entities(all).count == 63)
            #expect(try json(all.body)["nextUri"] == nil)
            #expect(try self.entities(try await rest(simulator, "/api/v2/users?pageNumber=9", token: token)).isEmpty)
        }
    }

    @Test func `resources can be created, deleted and forbidden at run time, and the lists follow`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            func names() async throws -> [String] {
                try self.entities(try await rest(simulator, "/api/v2/routing/queues", token: token))
                    .compactMap { $0["name"] as? String }
            }
            #expect(try await names() == ["Queue 1", "Queue 4", "Queue 7"])
            let new =
                #"{"tenant":"acme","action":"create","event":"routing.queueEvents","resourceId":"q-9","name":"Sales"}"#
            try await order(simulator, "resources", new)
            #expect(try await names() == ["Queue 1", "Queue 4", "Queue 7", "Sales"])
            let id = acme.resources[0].resourceId
            try await order(simulator, "resources", #"{"tenant":"acme","action":"delete","resourceId":"\#(id)"}"#)
            try await order(simulator, "resources", #"{"tenant":"acme","action":"forbid","resourceId":"q-9"}"#)
            #expect(try await names() == ["Queue 4", "Queue 7", "Sales"], "a forbidden one is still listed")
            let states = try await simulator.tenant().resources.filter { $0.event == "routing.queueEvents" }
            #expect(states.map(\.state) == [.deleted, .available, .available, .forbidden])
            for (body, status) in [
                (new, 409), (#"{"tenant":"acme","action":"delete","resourceId":"\#(id)"}"#, 404),
                (#"{"tenant":"acme","action":"create","resourceId":"x"}"#, 400),
                (#"{"tenant":"nobody","action":"delete","resourceId":"x"}"#, 404),
            ] {
                let response = try await RawConnection.open(port: simulator.port) {
                    try await $0.request("POST", "/simulator/resources", body: body)
                }
                #expect(response.status == status, "\(body)")
            }
        }
    }

    // MARK: Limits and faults

    @Test func `a token has a budget of calls, and going on after a 429 is a violation`() async throws {
        try await withSimulator(
            acme,
            {
                $0.restCallsPerWindow = 3; $0.holdOffGraceMilliseconds = 0
            }
        ) { simulator in
            let token = try await token(simulator)
            for count in 1...3 {
                let response = try await rest(simulator, "/api/v2/users", token: token)
                #expect(response.status == 200)
                #expect(response.headers["inin-ratelimit-count"] == String(count))
                #expect(response.headers["inin-ratelimit-allowed"] == "3")
                #expect(
                    response.headers["inin-ratelimit-reset"].flatMap { Int($0) }.map { (1...60).contains($0) } == true
                )
            }
            let limited = try await rest(simulator, "/api/v2/users", token: token)
            #expect(limited.status == 429)
            #expect(try json(limited.body)["code"] as? String == "too.many.requests.retry.after")
            #expect(limited.headers["retry-after"].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
            #expect(try await simulator.tenant().violations.isEmpty)
            #expect(try await rest(simulator, "/api/v2/routing/queues", token: token).status == 429)
            let truth = try await simulator.tenant()
            #expect(truth.violations == ["restDuringLimit": 1])
            #expect(truth.restCalls == ["users": 4, "queues": 1])
            #expect(truth.restCallsLimited == 2)
            let other = try await GenesysSimulatorTests.token(simulator)
            #expect(
                try await rest(simulator, "/api/v2/users", token: other).status == 200,
                "another token, another budget"
            )
        }
    }

    @Test func `a budget's window ends, and begins with the next call`() {
        func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }
        var budget = RESTBudget(callsMax: 2, length: .seconds(60), grace: .milliseconds(250))
        let verdicts = [0, 59_000, 59_100, 59_300, 59_351, 60_000].map { budget.spend("t", now: at($0)) }
        #expect(verdicts.map(\.isAllowed) == [true, true, false, false, false, true])
        #expect(verdicts.map(\.isViolation) == [false, false, false, false, true, false])
        #expect(verdicts.map(\.count) == [1, 2, 3, 4, 5, 1])
        #expect(verdicts.map(\.resetSeconds) == [60, 1, 1, 1, 1, 60])
    }

    @Test func `REST calls run into the faults that lie in wait for them, once each`() async throws {
        try await withSimulator { simulator in
            let token = try await token(simulator)
            try await simulator.inject(.restServerError(status: 500, count: 2))
            try await simulator.inject(.restHang(count: 1, durationMilliseconds: 120))
            #expect(try await rest(simulator, "/api/v2/users", token: token).status == 500)
            #expect(try await rest(simulator, Self.preflight, token: token).status == 500)
            let start = ContinuousClock.now
            #expect(try await rest(simulator, "/api/v2/users", token: token).status == 200)
            #expect(ContinuousClock.now - start >= .milliseconds(120))
            try await simulator.inject(.restHang(count: 1, durationMilliseconds: nil))
            try await RawConnection.open(port: simulator.port) { connection in
                try await connection.send(
                    "GET /api/v2/users HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\r\n"
                )
                try await until { try await simulator.tenant().faultsFired["restHang"] == 2 }
                #expect(try await simulator.tenant().faultsFired == ["restServerError": 2, "restHang": 2])
                await simulator.shutdown()
                #expect(try await connection.drain() == [])
            }
        }
    }
}
