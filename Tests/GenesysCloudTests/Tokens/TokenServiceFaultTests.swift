import BridgeCore
import Logging
import Testing

@testable import GenesysCloud

/// The service against a token endpoint that fails, with a clock that the test moves: neither does it stop asking, nor
/// does it ask too often. A request that was not planned fails the test.
@Suite(.timeLimit(.minutes(1)))
struct TokenServiceFaultTests {
    private static let secret = Secret("s3cret/+=")

    private static func grant(_ token: String, seconds: Int = 3600) -> PlannedAnswers.Step {
        .answer(200, body: #"{"access_token":"\#(token)","token_type":"bearer","expires_in":\#(seconds)}"#)
    }

    private struct Scene: Sendable {
        let service: TokenService
        let clock: VirtualClock
        let answers: PlannedAnswers
        let log: LogRecorder

        /// Waits until the service pauses for `duration`, and lets that time pass.
        func pass(_ duration: Duration) async {
            #expect(await self.clock.sleeper(duration))
            self.clock.advance(by: duration)
        }
    }

    /// Runs a service while the endpoint gives `steps` as answers; each of them has to be asked for.
    private static func with(
        _ steps: [PlannedAnswers.Step],
        _ body: @escaping @Sendable (Scene) async throws -> Void
    ) async throws {
        let answers = PlannedAnswers(steps)
        try await RawServer.with { peer in
            try await answers.play(&peer)
        } _: { port in
            let clock = VirtualClock()
            let log = LogRecorder()
            let settings = TokenServiceSettings(
                login: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
                clientID: "id",
                clientSecret: Self.secret
            )
            let service = TokenService(settings: settings, clock: clock.tokenClock, logger: log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await service.run() }
                try await body(Scene(service: service, clock: clock, answers: answers, log: log))
                group.cancelAll()
            }
            #expect(!log.lines.contains { $0.contains("s3cret") })
        }
        answers.expectAllPlayed()
    }

    private static let planned: [(PlannedAnswers.Step, String)] = [
        (.answer(400, body: #"{"error":"invalid_client"}"#), "HTTP 400: invalid_client"),
        (.answer(401, body: #"{"error":"s3cret\/+="}"#), "HTTP 401: <redacted>"),
        (.answer(403, body: "{}"), "HTTP 403"),
        (.answer(429, body: "{}"), "HTTP 429"),
        (.answer(500, body: "oops"), "HTTP 500: the answer is not a JSON object"),
        (.answer(200, body: "<html>Sign in</html>"), "HTTP 200: an HTML page came instead of JSON"),
        (.answer(200, body: "\u{0}\u{1}"), "HTTP 200: the answer is not a JSON object"),
        (.answer(200, body: String(repeating: "x", count: 70_000)), "the answer is too large: more than 65536 bytes"),
        (
            .answer(302, headers: ["location: https://a.example/?s=1"], body: ""),
            "HTTP 302: a redirect to a.example, which is not followed"
        ),
        (.raw("SSH-2.0-x\r\n\r\n" + String(repeating: "x", count: 100)), "what came back is not HTTP"),
        (.raw("-ERR unknown command\r\n"), "what came back is not HTTP"),
        (.raw("\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{A}"), "what came back is not HTTP"),
        (
            .endless(
                head: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
                part: "400\r\n" + String(repeating: " ", count: 1024) + "\r\n"
            ), "the answer is too large: more than 65536 bytes"
        ),
    ]

    @Test(
        "Whatever the endpoint answers, it is asked again with growing pauses (S1.5)",
        arguments: Self.planned.indices
    )
    func faults(index: Int) async throws {
        let (step, reason) = Self.planned[index]
        try await Self.with([step, step, step, Self.grant("t")]) { scene in
            for pause in [1, 2, 4] {
                #expect(await scene.clock.sleeper(.seconds(pause)))
                #expect(scene.service.status.lastRefusal == reason)
                scene.clock.advance(by: .seconds(pause))
            }
            let token = try await scene.service.token()
            #expect(token.serial == 1 && scene.service.status.consecutiveRefusalCount == 0)
        }
    }

    @Test("An endpoint that hangs, or drops the connection, is asked again too")
    func hanging() async throws {
        try await Self.with([.raw(""), .drop, Self.grant("t")]) { scene in
            await scene.answers.waitForRequests(1)
            await scene.pass(.seconds(10))
            await scene.pass(.seconds(1))
            await scene.pass(.seconds(2))
            let token = try await scene.service.token()
            #expect(token.serial == 1)
        }
    }

    @Test("Ten minutes of refusals cost two dozen requests (S1.5)")
    func noStorm() async throws {
        let refusal = PlannedAnswers.Step.answer(400, body: #"{"error":"invalid_client"}"#)
        try await Self.with(Array(repeating: refusal, count: 24)) { scene in
            var seconds = 0
            for pause in [1, 2, 4, 8, 16] + Array(repeating: 30, count: 18) {
                await scene.pass(.seconds(pause))
                seconds += pause
            }
            #expect(await scene.clock.sleeper(.seconds(30)))
            #expect(571...600 ~= seconds && scene.answers.heads.count == 24)
        }
    }

    @Test("A refresh that is refused leaves the old token in use until one is granted; no socket has to ask (S1.5)")
    func refusedRefresh() async throws {
        let steps = [Self.grant("old"), .answer(401), .answer(503), Self.grant("new")]
        try await Self.with(steps) { scene in
            let old = try await scene.service.token()
            await scene.pass(.seconds(2880))  // 80 % of an hour
            await scene.pass(.seconds(1))
            #expect(try await scene.service.token() == old)
            #expect(scene.service.status.isValid && scene.service.status.lastRefusal == "HTTP 401")
            await scene.pass(.seconds(2))
            let new = try await scene.service.token(newerThan: old.serial)
            #expect(new.serial == 2 && new.secret == Secret("new"))
            #expect(try await scene.service.token() == new)
        }
    }

    @Test("Who waits for a newer token gets the next one, and not the current one, however many wait (S4.8)")
    func newerThan() async throws {
        try await Self.with([Self.grant("one"), Self.grant("two"), Self.grant("three")]) { scene in
            let first = try await scene.service.token()
            #expect(try await scene.service.token(newerThan: 0) == first, "the current one is newer than none")
            try await withThrowingTaskGroup(of: (Int, AccessToken).self) { group in
                for _ in 0..<10 { group.addTask { (1, try await scene.service.token(newerThan: 1)) } }
                for _ in 0..<3 { group.addTask { (2, try await scene.service.token(newerThan: 2)) } }
                await scene.pass(.seconds(2880))
                for _ in 0..<10 {
                    let served = try #require(try await group.next())
                    #expect(served.0 == 1 && served.1.serial == 2)
                }
                await scene.pass(.seconds(2880))
                for _ in 0..<3 {
                    let served = try #require(try await group.next())
                    #expect(served.0 == 2 && served.1.serial == 3)
                }
            }
        }
    }

    @Test("Waiting for a newer token ends with the task that waits, and with nobody else's")
    func newerThanCancelled() async throws {
        try await Self.with([Self.grant("one"), Self.grant("two")]) { scene in
            let first = try await scene.service.token()
            try await withThrowingTaskGroup(of: AccessToken.self) { patient in
                patient.addTask { try await scene.service.token(newerThan: first.serial) }
                await withThrowingTaskGroup(of: AccessToken.self) { hasty in
                    hasty.addTask { try await scene.service.token(newerThan: first.serial) }
                    hasty.cancelAll()
                    let result = await hasty.nextResult()
                    #expect(throws: CancellationError.self) { try result?.get() }
                }
                await scene.pass(.seconds(2880))
                let second = try #require(try await patient.next())
                #expect(second.serial == 2)
            }
        }
    }

    @Test("A service that was ended while it asked can run again")
    func runAgain() async throws {
        let answers = PlannedAnswers([.raw(""), Self.grant("t")])
        try await RawServer.with { peer in
            try await answers.play(&peer)
        } _: { port in
            let settings = TokenServiceSettings(
                login: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
                clientID: "id",
                clientSecret: Self.secret
            )
            let clock = VirtualClock()
            let service = TokenService(settings: settings, clock: clock.tokenClock, logger: LogRecorder().logger)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await service.run() }
                await answers.waitForRequests(1)
                group.cancelAll()
            }
            #expect(service.status.consecutiveRefusalCount == 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await service.run() }
                let token = try await service.token()
                #expect(token.serial == 1)
                group.cancelAll()
            }
        }
        answers.expectAllPlayed()
    }
}
