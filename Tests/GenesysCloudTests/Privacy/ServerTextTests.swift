import BridgeCore
import Logging
import NIOPosix
import Testing
import WebSocketClient

@testable import GenesysCloud

/// What a server says may repeat what it was asked, ids included.
@Suite("Hidden ids in what a server says", .timeLimit(.minutes(1)))
struct ServerTextTests {
    private static let user = "6513270e-269e-4d37-b2a7-4de452e6b438"
    private static let topic = SubscriptionTopic(event: "users.presence", resourceID: user)

    private static func redaction(_ dialect: Redaction.Dialect) throws -> Redaction {
        Redaction(
            [try RedactionSamples.rule("users.*", hashesResourceID: true)],
            dialect: dialect,
            key: RedactionSamples.key
        )
    }

    @Test("are in no reason why a topic is rejected, and in no failure")
    func channels() async throws {
        let topic = "v2.users.\(Self.user).presence"
        let body = #"{"entities":[{"id":"\#(topic)","state":"Rejected","rejectionReason":"no \#(topic) here"}]}"#
        let steps: [PlannedAnswers.Step] = [
            .answer(200, body: body), .answer(400, body: #"{"message":"bad topic \#(topic)"}"#),
        ]
        let channel = NotificationChannel(
            id: Secret("streaming-0"),
            connectURI: Secret("wss://s.example"),
            expiresAtMilliseconds: nil
        )
        let redaction = try Self.redaction(.channels)
        try await RESTScene.with(steps) { scene in
            let channels = PlatformChannels(client: scene.client, redaction: redaction)
            func subscribe() async throws(ChannelFailure) -> [TopicVerdict] {
                try await channels.subscribe(channel, to: [topic], mode: .add, token: RESTScene.token)
            }
            let verdicts = try await subscribe()
            #expect(verdicts.map(\.rejection) == ["Rejected: no v2.users.<redacted>.presence here"])
            let failure = await #expect(throws: ChannelFailure.self) { try await subscribe() }
            #expect(
                failure?.reason.contains("bad topic v2.users.<redacted>.presence") == true,
                "\(failure?.reason ?? "")"
            )
            #expect(!scene.log.lines.contains { $0.contains(Self.user) })
        }
    }

    @Test("are in no verdict of a pre-flight, and in no failure of one (S5.2)")
    func preflight() async throws {
        let body =
            #"{"entities":[{"event":"users.presence","resourceId":"\#(Self.user)","state":"invalid","#
            + #""reason":"no user \#(Self.user)"}]}"#
        let redaction = try Self.redaction(.stream)
        let steps: [PlannedAnswers.Step] = [
            .answer(200, body: body), .answer(400, body: #"{"message":"bad id \#(Self.user)"}"#),
        ]
        try await RESTScene.with(steps) { scene in
            let preflight = StreamPreflight(client: scene.client, redaction: redaction, logger: scene.log.logger)
            let verdict = SubscriptionVerdict(topic: Self.topic, refusal: "no user <redacted>")
            #expect(await preflight.validate([Self.topic], token: RESTScene.token) == .verdicts([verdict]))
            let failure = await preflight.validate([Self.topic], token: RESTScene.token)
            #expect("\(failure)".contains("bad id <redacted>") && !"\(failure)".contains(Self.user), "\(failure)")
            #expect(!scene.log.lines.contains { $0.contains(Self.user) })
        }
    }

    @Test("are in no reason why a stream's socket is closed or refused (S1.7)", arguments: [true, false])
    func stream(isRefused: Bool) async throws {
        let redaction = try Self.redaction(.stream)
        let log = LogRecorder()
        try await RawServer.with { peer in
            if isRefused {
                _ = try await peer.request()
                try await peer.answer(status: 400, body: "invalid subscription of \(Self.user)")
            } else {
                _ = try await peer.upgrade()
                try await peer.close(4400, "bad \(Self.user)")
                try await peer.waitForEnd()
            }
        } _: { port in
            let source = StreamSource(
                connector: WebSocketConnector(
                    eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                    configuration: WebSocketConfiguration(),
                    logger: log.logger
                ),
                endpoint: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
                settings: StreamSettings(),
                redaction: redaction,
                counters: StreamCounters(),
                secondsSince1970: { 0 },
                logger: log.logger
            )
            let token = AccessToken(secret: Secret("t0ken"), serial: 1)
            do throws(ConnectFailure) {
                let connection = try await source.connect(topics: [Self.topic], resumeFrom: nil, token: token)
                guard case .ended(let end) = await connection.next() else { throw .unavailable(reason: "no end") }
                #expect(end.reason == "closed with 4400: bad <redacted>")
                #expect(!isRefused)
            } catch {
                #expect(error.reason == "HTTP 400: invalid subscription of <redacted>")
                #expect(isRefused)
            }
        }
        #expect(!log.lines.contains { $0.contains(Self.user) })
    }
}
