import BridgeCore
import Testing

@testable import GenesysCloud

/// The pre-flight against a server on a real socket.
@Suite(.timeLimit(.minutes(1)))
struct StreamPreflightTests {
    private static let queue = SubscriptionTopic(event: "routing.queueEvents", resourceID: "q1")
    private static let narrowed = SubscriptionTopic(
        event: "routing.queueEvents",
        resourceID: "q1",
        filters: [SubscriptionFilter(name: "eventType", values: ["QUEUE_ADD"])]
    )
    private static let presence = SubscriptionTopic(event: "users.presence", allowUnfiltered: true)

    private static func validate(
        _ topics: [SubscriptionTopic],
        maxURLBytes: Int = 8000,
        in scene: RESTScene
    ) async -> PreflightOutcome {
        await StreamPreflight(client: scene.client, maxURLBytes: maxURLBytes, logger: scene.log.logger)
            .validate(topics, token: RESTScene.token)
    }

    private static func verdicts(_ topics: [SubscriptionTopic], _ refusals: [String?]) -> PreflightOutcome {
        .verdicts(zip(topics, refusals).map { SubscriptionVerdict(topic: $0, refusal: $1) })
    }

    @Test("The server is asked about the candidates as an upgrade names them, and says which it would take (S5.2)")
    func verdicts() async throws {
        let body = #"""
            {"entities":[{"event":"routing.queueEvents","resourceId":"q1","state":"invalid","reason":"not\nfound t0ken+/="},
            {"event":"users.presence","resourceId":null,"state":"valid","reason":null,"since":[{"a":1}]},
            {"event":"nobody.asked","state":"invalid"},{"state":"valid"}],"extra":{"entities":[]}}
            """#
        try await RESTScene.with([.answer(200, body: body)]) { scene in
            let topics = [Self.queue, Self.presence, Self.narrowed]
            let reason = "not\u{FFFD}found <redacted>"
            #expect(await Self.validate(topics, in: scene) == Self.verdicts(topics, [reason, nil, reason]))
            let url = StreamURL(
                endpoint: Endpoint(host: "x"),
                token: Secret(""),
                subscriptions: topics,
                settings: StreamSettings(),
                position: nil
            )
            let parameters = url.requestTarget.revealed.split(separator: "&").filter { $0.hasPrefix("subscriptions=") }
            #expect(parameters.count == 3)
            let path = "/api/v2/notifications/stream/subscriptions"
            #expect(scene.answers.targets == ["\(path)?\(parameters.joined(separator: "&"))"])
        }
    }

    @Test("What the answer does not know, or gives no known state, is for the handshake to tell")
    func unknown() async throws {
        let body = #"{"entities":[{"event":"users.presence","state":"PENDING"},{"event":"users.presence"}]}"#
        try await RESTScene.with([.answer(200, body: body)]) { scene in
            let topics = [Self.presence, Self.queue]
            #expect(await Self.validate(topics, in: scene) == Self.verdicts(topics, [nil, nil]))
            #expect(scene.log.lines.contains { $0.hasPrefix("warning") && $0.hasSuffix("entities=2") })
        }
    }

    @Test("Candidates go in as many requests as URLs have room for, and their verdicts together (S3.5)")
    func split() async throws {
        let topics = (0..<7).map { SubscriptionTopic(event: "routing.queueEvents", resourceID: "queue-\($0)") }
        let huge = SubscriptionTopic(event: "routing.queueEvents", resourceID: String(repeating: "x", count: 600))
        func answer(_ index: Int) -> PlannedAnswers.Step {
            .answer(
                200,
                body: #"{"entities":[{"event":"routing.queueEvents","resourceId":"queue-\#(index)","state":"invalid","#
                    + #""reason":"r\#(index)"}]}"#
            )
        }
        try await RESTScene.with([answer(0), answer(3), answer(6)]) { scene in
            let base = "http://127.0.0.1:\(scene.port)/api/v2/notifications/stream/subscriptions".utf8.count
            let limit = base + 3 * StreamURL.byteCount(of: topics[0])
            let all = topics + [huge, topics[1]]
            let refusal = "too long for a URL of \(limit) bytes"
            let refusals = ["r0", nil, nil, "r3", nil, nil, "r6", refusal, nil]
            #expect(await Self.validate(all, maxURLBytes: limit, in: scene) == Self.verdicts(all, refusals))
            let counts = scene.answers.targets.map { $0.split(separator: "subscriptions=").count - 1 }
            #expect(counts == [3, 3, 1])
            for target in scene.answers.targets {
                #expect("http://127.0.0.1:\(scene.port)\(target)".utf8.count <= limit)
            }
        }
    }

    @Test("Nothing to ask about is not asked")
    func nothing() async throws {
        try await RESTScene.with([]) { scene in
            #expect(await Self.validate([], in: scene) == .verdicts([]))
        }
    }

    @Test("A pre-flight that is missing, refused or not to be understood is told apart (S5.4)")
    func failures() async throws {
        let steps: [PlannedAnswers.Step] = [
            .answer(404), .answer(401, body: #"{"message":"expired t0ken+/="}"#), .answer(403),
            .answer(400, body: "what?"), .answer(200, body: "<html>"), .answer(200, body: #"{"entities":3}"#),
        ]
        try await RESTScene.with(steps) { scene in
            let outcomes: [PreflightOutcome] = [
                .missing,
                .unauthorized(reason: "pre-flight: HTTP 401: expired <redacted>"),
                .unavailable(
                    reason: "pre-flight: HTTP 403 (needed: notification:read, routing:readonly, users:readonly)"
                ),
                .unavailable(reason: "pre-flight: HTTP 400: what?"),
                .unavailable(
                    reason:
                        "pre-flight: an HTML page came instead of JSON; is there a proxy or a login page in between?"
                ),
                .unavailable(reason: "pre-flight: the answer lists no entities"),
            ]
            for outcome in outcomes { #expect(await Self.validate([Self.queue, Self.presence], in: scene) == outcome) }
        }
    }

    @Test("A server that hangs, throttles or fails leaves it unknown, within the time")
    func unavailable() async throws {
        let steps: [PlannedAnswers.Step] = [.answer(429, headers: ["retry-after: 30"], body: "slow"), .raw("")]
        try await RESTScene.with(steps) { scene in
            #expect(await Self.validate([Self.queue], in: scene) == .unavailable(reason: "pre-flight: HTTP 429: slow"))
            scene.clock.advance(by: .seconds(30))
            await withTaskGroup(of: PreflightOutcome.self) { group in
                group.addTask { await Self.validate([Self.queue], in: scene) }
                await scene.answers.waitForRequests(2)
                group.cancelAll()
                #expect(await group.next() == .unavailable(reason: "pre-flight: cancelled"))
            }
        }
    }
}
