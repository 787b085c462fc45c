import BridgeCore
import Logging
import Synchronization
import Testing

@testable import GenesysCloud

/// The service against a server on a real socket.
@Suite(.timeLimit(.minutes(1)))
struct TokenServiceTests {
    private static let grant = #"{"access_token":"token-1","token_type":"bearer","expires_in":3600}"#

    private static func settings(port: Int, timeout: Duration = .seconds(10)) -> TokenServiceSettings {
        TokenServiceSettings(
            login: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
            clientID: "id",
            clientSecret: Secret("s3cret/+="),
            requestTimeout: timeout
        )
    }

    private static func clock() -> TokenClock {
        let origin = ContinuousClock.now
        return TokenClock(
            now: { Instant().advanced(by: origin.duration(to: .now)) },
            secondsSince1970: { 0 },
            random: { 0 }
        )
    }

    /// Runs a service against `script` while `body` runs.
    private static func withService<Result: Sendable>(
        timeout: Duration = .seconds(10),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ script: @escaping @Sendable (inout RawPeer) async throws -> Void,
        _ body: @escaping @Sendable (TokenService) async throws -> Result
    ) async throws -> Result {
        try await RawServer.with(script) { port in
            let settings = Self.settings(port: port, timeout: timeout)
            let service = TokenService(settings: settings, clock: Self.clock(), logger: logger)
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask {
                    await service.run()
                    return nil
                }
                let result = try await body(service)
                group.cancelAll()
                return result
            }
        }
    }

    @Test("It posts the client's credentials, and hands the token to all who wait (S1.4)")
    func grants() async throws {
        let requests = Mutex<[(head: String, body: String)]>([])
        let tokens = try await Self.withService { peer in
            let request = try await peer.request()
            requests.withLock { $0.append(request) }
            try await peer.answer(status: 200, body: Self.grant)
        } _: { service in
            try await withThrowingTaskGroup(of: AccessToken.self) { group in
                for _ in 0..<10 { group.addTask { try await service.token() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        #expect(tokens.map(\.secret) == Array(repeating: Secret("token-1"), count: 10))
        #expect(tokens.allSatisfy { $0.serial == 1 && $0.expiresAt != nil })
        let all = requests.withLock { $0 }
        let request = try #require(all.first)
        #expect(all.count == 1)
        #expect(request.head.hasPrefix("POST /oauth/token HTTP/1.1\r\n"))
        #expect(
            RawPeer.header("authorization", in: request.head) == "Basic " + Base64.encode(Array("id:s3cret/+=".utf8))
        )
        #expect(RawPeer.header("content-type", in: request.head) == "application/x-www-form-urlencoded")
        #expect(request.body == "grant_type=client_credentials")
    }

    @Test("Many sockets that mark the same token bad cause one new request (S1.5)")
    func markBad() async throws {
        let requestCount = Atomic(0)
        try await Self.withService { peer in
            _ = try await peer.request()
            requestCount.add(1, ordering: .relaxed)
            try await peer.answer(status: 200, body: Self.grant)
        } _: { service in
            let first = try await service.token()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { await service.markBad(first) } }
            }
            let second = try await service.token()
            await service.markBad(first)
            let third = try await service.token()
            #expect(second.serial == 2 && third == second)
        }
        #expect(requestCount.load(ordering: .relaxed) == 2)
    }

    @Test("A refusal is logged and shown without the secret, and tried again (S1.6)")
    func refusal() async throws {
        let log = LogRecorder()
        let requestCount = Atomic(0)
        try await Self.withService(logger: log.logger) { peer in
            let request = try await peer.request()
            guard requestCount.add(1, ordering: .relaxed).oldValue == 0 else {
                return try await peer.answer(status: 200, body: Self.grant)
            }
            let credentials = RawPeer.header("authorization", in: request.head)!.dropFirst("Basic ".count)
            let body = #"{"error":"invalid_client","error_description":"not s3cret\/+= nor \#(credentials)"}"#
            try await peer.answer(status: 401, body: body)
        } _: { service in
            await log.waitForLine { $0.contains("no token") }
            #expect(service.status.lastRefusal == "HTTP 401: invalid_client: not <redacted> nor <redacted>")
            #expect(service.status.consecutiveRefusalCount == 1 && !service.status.isValid)
            let serial = try await service.token().serial
            #expect(serial == 1)
            #expect(service.status.lastRefusal == nil && service.status.isValid)
        }
        #expect(log.lines.contains { $0.contains("HTTP 401: invalid_client") })
        #expect(!log.lines.contains { $0.contains("s3cret") || $0.contains("token-1") })
    }

    @Test("A redirect is not followed: credentials go to one host")
    func redirect() async throws {
        let log = LogRecorder()
        let requestCount = Atomic(0)
        try await Self.withService(logger: log.logger) { peer in
            let head = try await peer.request().head
            requestCount.add(1, ordering: .relaxed)
            let host = RawPeer.header("host", in: head)!
            try await peer.answer(status: 307, headers: ["location: http://\(host)/other?client=id"], body: "")
        } _: { service in
            await log.waitForLine { $0.contains("no token") }
            #expect(service.status.lastRefusal?.hasPrefix("HTTP 307: a redirect to 127.0.0.1:") == true)
            #expect(service.status.lastRefusal?.contains("client=id") == false)
        }
        #expect(requestCount.load(ordering: .relaxed) == 1)
    }

    @Test("An answer that is too large is given up")
    func largeAnswer() async throws {
        let log = LogRecorder()
        try await Self.withService(logger: log.logger) { peer in
            _ = try await peer.request()
            try await peer.answer(status: 200, body: String(repeating: " ", count: 70_000) + Self.grant)
        } _: { service in
            await log.waitForLine { $0.contains("no token") }
            #expect(service.status.lastRefusal == "the answer is too large: more than 65536 bytes")
        }
    }

    @Test(
        "An answer that never comes, or never ends, is given up",
        arguments: ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"]
    )
    func hangingAnswer(beginning: String) async throws {
        let log = LogRecorder()
        try await Self.withService(timeout: .milliseconds(200), logger: log.logger) { peer in
            _ = try await peer.request()
            try await peer.send(beginning)
            try await peer.waitForEnd()
        } _: { service in
            await log.waitForLine { $0.contains("no token") }
            #expect(service.status.lastRefusal == "no whole answer within 0.2 s")
        }
    }

    @Test("Waiting for a token ends with the task that waits")
    func cancelledWait() async throws {
        try await Self.withService { peer in
            try await peer.waitForEnd()
        } _: { service in
            await withThrowingTaskGroup(of: AccessToken.self) { group in
                group.addTask { try await service.token() }
                group.cancelAll()
                let result = await group.nextResult()
                #expect(throws: CancellationError.self) { try result?.get() }
            }
        }
    }
}
