import BridgeCore
import Testing

@testable import GenesysCloud

/// The client against a server on a real socket, with a clock that the test moves.
@Suite(.timeLimit(.minutes(1)))
struct RESTClientTests {
    @Test("It sends the bearer token in a header, and nothing of it anywhere else (S1.6)")
    func request() async throws {
        try await RESTScene.with([.answer(200, body: #"{"a":1}"#)]) { scene in
            #expect(await scene.get() == .success(#"{"a":1}"#))
            let head = try #require(scene.answers.heads.first)
            #expect(head.hasPrefix("GET /x?a=1 HTTP/1.1\r\n"))
            #expect(RawPeer.header("authorization", in: head) == "Bearer t0ken+/=")
            #expect(RawPeer.header("accept", in: head) == "application/json")
            #expect(!scene.log.lines.contains { $0.contains("t0ken") })
        }
    }

    @Test("What would fail the same way again is asked once", arguments: [400, 401, 403, 404, 409, 302])
    func noRetry(status: Int) async throws {
        try await RESTScene.with([.answer(status, body: #"{"message":"no t0ken+/= nor t0ken%2B%2F%3D"}"#)]) { scene in
            let result = await scene.get()
            let kinds: [Int: RESTFailure.Kind] = [401: .unauthorized, 403: .forbidden, 404: .notFound, 302: .unusable]
            let said = status == 302 ? "a redirect to nowhere, which is not followed" : "no <redacted> nor <redacted>"
            #expect(result == .failure(RESTFailure(kinds[status] ?? .refused, "HTTP \(status): \(said)")))
        }
    }

    @Test("5xx is tried again with growing pauses, and then stands")
    func serverErrors() async throws {
        let steps: [PlannedAnswers.Step] = [
            .answer(500), .answer(503, body: "<html>"), .answer(200), .answer(502), .answer(502), .answer(502),
        ]
        try await RESTScene.with(steps) { scene in
            async let first = scene.get()
            await Self.sleep(.milliseconds(500), in: scene)
            #expect(scene.answers.heads.count == 1)
            scene.clock.advance(by: .milliseconds(500))
            await Self.sleep(.seconds(1), in: scene)
            #expect(scene.answers.heads.count == 2)
            scene.clock.advance(by: .seconds(1))
            #expect(await first == .success("{}"))

            async let second = scene.get()
            for pause in [Duration.milliseconds(500), .seconds(1)] {
                await Self.sleep(pause, in: scene)
                scene.clock.advance(by: pause)
            }
            #expect(await second == .failure(RESTFailure(.transient, "HTTP 502")))
            #expect(scene.answers.heads.count == 6)
        }
    }

    @Test("A server that drops connections, or is not there, is tried a bounded number of times")
    func brokenConnections() async throws {
        try await RESTScene.with([.drop, .drop, .drop]) { scene in
            async let result = scene.get()
            for pause in [Duration.milliseconds(500), .seconds(1)] {
                await Self.sleep(pause, in: scene)
                scene.clock.advance(by: pause)
            }
            guard case .failure(let failure) = await result else {
                Issue.record("an answer from a server that drops every connection")
                return
            }
            #expect(failure.kind == .transient)
        }
        // Port 1: nobody listens below the kernel's own choices. One that was just closed may be another test's server by now, and then
        // this test's clock never ends the wait.
        let log = LogRecorder()
        let clock = VirtualClock()
        let settings = RESTSettings(api: Endpoint(isSecure: false, host: "127.0.0.1", port: 1), attemptsMax: 1)
        let client = RESTClient(settings: settings, clock: clock.tokenClock, logger: log.logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            await #expect(throws: RESTFailure.self) {
                let deadline = client.deadline(in: .seconds(60))
                _ = try await client.get("/x", query: "", token: RESTScene.token, deadline: deadline)
            }
            group.cancelAll()
        }
    }

    @Test(
        "An answer that never comes or never ends is given up, within the attempts and the deadline",
        arguments: ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]
    )
    func hanging(beginning: String) async throws {
        try await RESTScene.with([.raw(beginning), .raw(beginning)]) { scene in
            async let result = scene.get(timeout: .seconds(15))
            await scene.answers.waitForRequests(1)
            await Self.sleep(.seconds(10), in: scene)
            scene.clock.advance(by: .seconds(10))
            await Self.sleep(.milliseconds(500), in: scene)
            scene.clock.advance(by: .milliseconds(500))
            await scene.answers.waitForRequests(2)
            // 4.5 s are left of the 15: less than the 10 that an attempt has.
            await Self.sleep(.milliseconds(4500), in: scene)
            scene.clock.advance(by: .milliseconds(4500))
            #expect(await result == .failure(RESTFailure(.transient, "no whole answer within 4.5 s")))
        }
    }

    @Test("A 429 holds every request of the tenant for as long as it says, as seconds or as a date")
    func retryAfter() async throws {
        let date = "retry-after: Sun, 06 Nov 1994 08:49:37 GMT"  // 37 s behind the clock's wall time
        let steps: [PlannedAnswers.Step] = [
            .answer(429, headers: ["Retry-After: 30"]), .answer(200), .answer(200), .answer(429, headers: [date]),
            .answer(200),
        ]
        try await RESTScene.with(steps) { scene in
            async let first = scene.get()
            await Self.sleep(.seconds(30), in: scene)
            async let second = scene.get()
            #expect(await scene.clock.sleepers(2) == [.seconds(30), .seconds(30)])
            #expect(scene.answers.heads.count == 1)
            scene.clock.advance(by: .seconds(30))
            #expect(await first == .success("{}"))
            #expect(await second == .success("{}"))
            async let third = scene.get()
            await Self.sleep(.seconds(37), in: scene)
            scene.clock.advance(by: .seconds(37))
            #expect(await third == .success("{}"))
        }
    }

    @Test("A 429 that would hold beyond the deadline ends at once, and holds the next request too")
    func retryAfterBeyondDeadline() async throws {
        try await RESTScene.with([.answer(429, headers: ["retry-after: 61"], body: "slow down")]) { scene in
            #expect(
                await scene.get(timeout: .seconds(60))
                    == .failure(RESTFailure(.throttled, "HTTP 429: slow down", retryAfterSeconds: 61))
            )
            #expect(
                await scene.get(timeout: .seconds(60))
                    == .failure(
                        RESTFailure(
                            .throttled,
                            "the request budget is spent for another 61 s",
                            retryAfterSeconds: 61
                        )
                    )
            )
        }
    }

    @Test("The server's own count lowers the budget, until its window ends or the token changes (C9)")
    func limitHeaders() async throws {
        let spent = ["inin-ratelimit-count: 300", "inin-ratelimit-allowed: 300", "inin-ratelimit-reset: 40"]
        let steps: [PlannedAnswers.Step] = [.answer(200, headers: spent), .answer(200, headers: spent), .answer(200)]
        try await RESTScene.with(steps) { scene in
            #expect(await scene.get() == .success("{}"))
            async let second = scene.get()
            await Self.sleep(.seconds(40), in: scene)
            #expect(scene.answers.heads.count == 1)
            scene.clock.advance(by: .seconds(40))
            #expect(await second == .success("{}"))
            let newToken = AccessToken(secret: Secret("other"), serial: 2)
            #expect(await scene.get(token: newToken) == .success("{}"))
        }
    }

    @Test("Requests go at the budget's rate behind the burst (C9)")
    func rate() async throws {
        try await RESTScene.with(Array(repeating: .answer(200), count: 4), requestsPerMinute: 30, burst: 2) { scene in
            #expect(await scene.get() == .success("{}"))
            #expect(await scene.get() == .success("{}"))
            for _ in 0..<2 {
                async let next = scene.get()
                await Self.sleep(.seconds(2), in: scene)
                scene.clock.advance(by: .seconds(2))
                #expect(await next == .success("{}"))
            }
        }
    }

    /// Waits until somebody sleeps for `duration`: a pause, not one of the time-outs.
    private static func sleep(_ duration: Duration, in scene: RESTScene) async {
        #expect(await scene.clock.sleeper(duration))
    }
}
