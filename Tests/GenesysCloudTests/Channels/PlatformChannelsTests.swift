import BridgeCore
import Testing

@testable import GenesysCloud

/// The REST calls about channels, against a server on a real socket.
@Suite("Platform channels", .timeLimit(.minutes(1)))
struct PlatformChannelsTests {
    private static let channel = NotificationChannel(
        id: Secret("streaming-0-s3cret"),
        connectURI: Secret("wss://streaming.example/channels/streaming-0-s3cret"),
        expiresAtMilliseconds: nil
    )

    /// What a call gives, with the reason where it fails.
    private static func outcome<Value: Sendable>(
        _ call: () async throws(ChannelFailure) -> Value
    ) async -> Result<Value, ChannelFailure> {
        do throws(ChannelFailure) {
            return .success(try await call())
        } catch {
            return .failure(error)
        }
    }

    @Test("each call is made as the platform has it, with the token (C4, C9)")
    func calls() async throws {
        let answer = #"{"id":"c1","connectUri":"wss://s.example/channels/c1","expires":"2026-01-06T10:00:00.000Z"}"#
        let steps: [PlannedAnswers.Step] = [
            .answer(200, body: answer), .answer(200), .answer(404),
            .answer(200, body: #"{"entities":[{"id":"v2.x"}]}"#),
        ]
        try await RESTScene.with(steps) { scene in
            let channels = PlatformChannels(client: scene.client)
            let token = RESTScene.token
            let made = try await channels.create(token: token)
            #expect(made.id.revealed == "c1" && made.connectURI.revealed == "wss://s.example/channels/c1")
            #expect(made.expiresAtMilliseconds == 1_767_693_600_000)
            #expect(!"\(made)".contains("c1"))
            #expect(try await channels.isValid(made, token: token))
            #expect(try await channels.isValid(made, token: token) == false)
            let verdicts = try await channels.subscribe(made, to: ["v2.x"], mode: .add, token: token)
            #expect(verdicts == [TopicVerdict(topic: "v2.x")])
            let path = "/api/v2/notifications/channels"
            let lines = scene.answers.heads.map { $0.prefix { $0 != "\r\n" } }
            #expect(
                lines == [
                    "POST \(path) HTTP/1.1", "HEAD \(path)/c1 HTTP/1.1", "HEAD \(path)/c1 HTTP/1.1",
                    "POST \(path)/c1/subscriptions?ignoreErrors=true HTTP/1.1",
                ]
            )
            #expect(scene.answers.heads.allSatisfy { $0.lowercased().contains("authorization: bearer t0ken+/=") })
        }
    }

    @Test("the state of every topic is looked at, and one that the answer leaves out is not subscribed (C4)")
    func verdicts() async throws {
        let body =
            #"{"entities":[{"id":"v2.b","state":"Rejected","rejectionReason":"no permission","missingPermissions":["a"]},"#
            + #"{"id":"v2.a","state":"Permitted"},{"id":"v2.d","state":"Pending"}]}"#
        try await RESTScene.with([.answer(200, body: body)]) { scene in
            let verdicts = try await PlatformChannels(client: scene.client)
                .subscribe(Self.channel, to: ["v2.a", "v2.b", "v2.c", "v2.d"], mode: .replace, token: RESTScene.token)
            #expect(
                verdicts == [
                    TopicVerdict(topic: "v2.a"), TopicVerdict(topic: "v2.b", rejection: "Rejected: no permission"),
                    TopicVerdict(topic: "v2.c", rejection: "the answer does not name it"),
                    TopicVerdict(topic: "v2.d", rejection: "Pending"),
                ]
            )
            #expect(scene.answers.heads[0].hasPrefix("PUT "))
        }
    }

    @Test("what is not the API's own answer is no refusal: the call is made again after a pause that grows (C9)")
    func foreignAnswers() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n{"
        let page = "<!DOCTYPE html><html><body>Please sign in</body></html>"
        let steps: [PlannedAnswers.Step] = [
            .raw("SSH-2.0-x\r\n" + String(repeating: "x", count: 100) + "\r\n\r\n"), .raw(head),
            .answer(302, headers: ["location: http://login.example/"]), .answer(407), .answer(200, body: page),
            .answer(409),
        ]
        try await RESTScene.with(steps) { scene in
            let channels = PlatformChannels(client: scene.client)
            var reasons: [String] = []
            for _ in 0..<5 {
                let outcome = await Self.outcome { () async throws(ChannelFailure) in
                    try await channels.create(token: RESTScene.token)
                }
                guard case .failure(.unavailable(let reason)) = outcome else {
                    Issue.record("\(outcome)")
                    continue
                }
                reasons.append(String(reason.trimmingPrefix("POST /api/v2/notifications/channels: ")))
            }
            #expect(
                reasons == [
                    "what came back is not HTTP", "the answer is too large: more than 4096 bytes",
                    "HTTP 302: a redirect to login.example, which is not followed", "HTTP 407",
                    "the answer is no channel",
                ]
            )
            await #expect(throws: ChannelFailure.refused(reason: "POST /api/v2/notifications/channels: HTTP 409")) {
                try await channels.create(token: RESTScene.token)
            }
        }
    }

    @Test("400 and 403 are asked once, and no failure or log line holds the channel's id (C9)")
    func failures() async throws {
        let leaky = #"{"message":"no channel streaming-0-s3cret for t0ken+/="}"#
        let steps: [PlannedAnswers.Step] =
            [400, 401, 403, 404].map { .answer($0, body: leaky) } + [
                .answer(200, body: "{}"), .drop, .drop, .drop,
            ]
        try await RESTScene.with(steps) { scene in
            let channels = PlatformChannels(client: scene.client)
            var outcomes: [Result<[TopicVerdict], ChannelFailure>] = []
            for _ in 0..<5 {
                outcomes.append(
                    await Self.outcome { () async throws(ChannelFailure) in
                        try await channels.subscribe(Self.channel, to: ["v2.a"], mode: .replace, token: RESTScene.token)
                    }
                )
            }
            let call = "PUT /api/v2/notifications/channels/{id}/subscriptions"
            func said(_ status: Int) -> String { "\(call): HTTP \(status): no channel <redacted> for <redacted>" }
            #expect(
                outcomes == [
                    .failure(.refused(reason: said(400))), .failure(.unauthorized(reason: said(401))),
                    .failure(.refused(reason: said(403))), .failure(.gone(reason: said(404))),
                    .failure(.unavailable(reason: "\(call): the answer lists no entities")),
                ]
            )
            async let last = Self.outcome { () async throws(ChannelFailure) in
                try await channels.isValid(Self.channel, token: RESTScene.token)
            }
            for pause in [Duration.milliseconds(500), .seconds(1)] {
                #expect(await scene.clock.sleeper(pause))
                scene.clock.advance(by: pause)
            }
            guard case .failure(.unavailable) = await last else {
                Issue.record("a dropped connection is tried again, and then it is unavailable")
                return
            }
            #expect(scene.log.lines.contains { $0.contains("HEAD /api/v2/notifications/channels/{id}") })
            #expect(!scene.log.lines.contains { $0.contains("s3cret") || $0.contains("t0ken") })
        }
    }
}
