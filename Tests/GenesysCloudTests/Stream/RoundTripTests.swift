import BridgeCore
import Foundation
import Logging
import NIOPosix
import Synchronization
import Testing
import WebSocketClient

@testable import GenesysCloud

/// What came from a server goes back to it as it was, over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct RoundTripTests {
    private static let odd = "\"q\" \\ / & + = % # ? ; ä ñ \u{301} 名前 😀👨‍👩‍👧 \t\n\u{1} \u{7F} \u{2028}"

    private static func source(port: Int, logger: Logger) -> StreamSource {
        StreamSource(
            connector: WebSocketConnector(
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                configuration: WebSocketConfiguration(),
                logger: logger
            ),
            endpoint: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
            settings: StreamSettings(),
            counters: StreamCounters(),
            secondsSince1970: { 0 },
            logger: logger
        )
    }

    /// The values of `name` in a request's target, decoded by Foundation.
    private static func values(_ name: String, in target: String) -> [String] {
        let query = target.split(separator: "?", maxSplits: 1).last ?? ""
        return query.split(separator: "&").compactMap { parameter in
            guard parameter.hasPrefix("\(name)=") else { return nil }
            return String(parameter.dropFirst(name.count + 1)).removingPercentEncoding
        }
    }

    @Test(
        "A position goes from a message into the next upgrade as it was, whatever it is made of (S2.2)",
        arguments: [
            Self.odd, "+", "a&access_token=x", "…", "%41", "\u{0}", "a\u{0}b", "e\u{301}\u{E9}", "\u{FFFD}",
            String(repeating: "p", count: 4096),
        ]
    )
    func position(text: String) async throws {
        let targets = Mutex<[String]>([])
        let escaped = text.utf16.map { String(format: "\\u%04x", $0) }.joined()
        try await RawServer.with { peer in
            let target = try await peer.upgrade()
            let index = targets.withLock { targets in
                targets.append(target)
                return targets.count
            }
            // Once as it stands where JSON allows that, once escaped throughout.
            let form = index == 1 ? JSONText.string(text) : "\"\(escaped)\""
            try await peer.text(#"{"lastEventId":\#(form),"events":[],"more":{"unknown":["fields"]}}"#)
            try await peer.waitForEnd()
        } _: { port in
            let source = Self.source(port: port, logger: LogRecorder().logger)
            var position: Position?
            for _ in 0..<3 {
                let connection = try await source.connect(
                    topics: [SubscriptionTopic(event: "e")],
                    resumeFrom: position,
                    token: AccessToken(secret: Secret("t"), serial: 1)
                )
                guard case .message(let batches) = await connection.next() else {
                    Issue.record("no message")
                    return
                }
                position = try #require(batches.last?.position)
                #expect(position == Position(kind: .lastEventId, value: text))
                connection.close(code: 1000, reason: "")
            }
        }
        let seen = targets.withLock { $0 }.map { Self.values("lastEventId", in: $0) }
        #expect(seen == [[], [text], [text]])
    }

    @Test("A token of any characters, and subscriptions of any, reach the upgrade as they are (S1.2)")
    func tokenAndSubscriptions() async throws {
        let secret = String(decoding: UInt8(0x20)...0x7E, as: UTF8.self) + Self.odd
        let targets = Mutex<[String]>([])
        let topic = SubscriptionTopic(
            event: "e\"&",
            resourceID: Self.odd,
            filters: [SubscriptionFilter(name: "😀", values: ["\"", "&b=c"])]
        )
        let log = LogRecorder()
        try await RawServer.with { peer in
            let request = try await peer.request()
            guard request.head.hasPrefix("POST") else {
                targets.withLock { $0.append(String(request.head.split(separator: " ")[1])) }
                return try await peer.answer(status: 403, body: #"{"message":\#(JSONText.string(secret))}"#)
            }
            try await peer.answer(status: 200, body: #"{"access_token":\#(JSONText.string(secret))}"#)
        } _: { port in
            let settings = TokenServiceSettings(
                login: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
                clientID: "id",
                clientSecret: Secret("x")
            )
            let service = TokenService(settings: settings, clock: VirtualClock().tokenClock, logger: log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await service.run() }
                let token = try await service.token()
                group.cancelAll()
                #expect(token.secret.revealed == secret)
                await #expect(throws: ConnectFailure.self) {
                    try await Self.source(port: port, logger: log.logger)
                        .connect(topics: [topic], resumeFrom: nil, token: token)
                }
            }
        }
        let target = try #require(targets.withLock { $0 }.first)
        #expect(target.utf8.allSatisfy { 0x21...0x7E ~= $0 })
        #expect(Self.values("access_token", in: target) == [secret])
        let subscriptions = Self.values("subscriptions", in: target)
        #expect(subscriptions == [topic.json])
        let object = try JSONSerialization.jsonObject(with: Data(subscriptions[0].utf8)) as? [[String: Any]]
        #expect(object?.first?["resourceId"] as? String == Self.odd)
        #expect(object?.first?["filters"] as? [String: [String]] == ["😀": ["\"", "&b=c"]])
        #expect(!log.lines.contains { $0.contains("access_token") || $0.contains("ABCDEF") })
    }

    @Test("A redirect of the upgrade is an error that names the host alone (S1.6)", arguments: [301, 302, 307, 308])
    func redirect(status: Int) async throws {
        let requestCount = Mutex(0)
        let failure = try await RawServer.with { peer in
            let target = try await peer.upgradeRefusedTarget()
            requestCount.withLock { $0 += 1 }
            let query = target.drop { $0 != "?" }
            try await peer.answer(
                status: status,
                headers: ["location: wss://other.example/x\(query)"],
                body: query + ""
            )
        } _: { port -> ConnectFailure? in
            do throws(ConnectFailure) {
                _ = try await Self.source(port: port, logger: LogRecorder().logger).connect(
                    topics: [SubscriptionTopic(event: "e")],
                    resumeFrom: nil,
                    token: AccessToken(secret: Secret("t0ken"), serial: 1)
                )
                return nil
            } catch {
                return error
            }
        }
        let reason = "HTTP \(status): a redirect to other.example, which is not followed"
        #expect(failure == .unavailable(reason: reason))
        #expect(requestCount.withLock { $0 } == 1)
    }
}

extension RawPeer {
    /// Reads an upgrade request that is not to be granted; its target.
    fileprivate mutating func upgradeRefusedTarget() async throws -> String {
        String(try await self.request().head.split(separator: " ")[1])
    }
}
