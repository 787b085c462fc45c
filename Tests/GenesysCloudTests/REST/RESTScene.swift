import BridgeCore
import Logging

@testable import GenesysCloud

/// A REST client, the server that it asks, and a clock that only a test moves.
struct RESTScene: Sendable {
    static let token = AccessToken(secret: Secret("t0ken+/="), serial: 1)

    let client: RESTClient
    let clock: VirtualClock
    let log: LogRecorder
    let answers: PlannedAnswers
    let port: Int

    /// Runs `body` while a server gives `steps` as answers; each of them has to be asked for.
    static func with<Result: Sendable>(
        _ steps: [PlannedAnswers.Step],
        requestsPerMinute: Int = 6000,
        burst: Int = 100,
        bodyBytesMax: Int = 4096,
        _ body: @escaping @Sendable (RESTScene) async throws -> Result
    ) async throws -> Result {
        let answers = PlannedAnswers(steps)
        let result = try await RawServer.with { peer in
            try await answers.play(&peer)
        } _: { port in
            let log = LogRecorder()
            let clock = VirtualClock()
            let settings = RESTSettings(
                api: Endpoint(isSecure: false, host: "127.0.0.1", port: port),
                requestsPerMinute: requestsPerMinute,
                burst: burst,
                bodyBytesMax: bodyBytesMax
            )
            let client = RESTClient(settings: settings, clock: clock.tokenClock, logger: log.logger)
            let scene = RESTScene(client: client, clock: clock, log: log, answers: answers, port: port)
            return try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask {
                    await client.run()
                    return nil
                }
                defer { group.cancelAll() }
                return try await body(scene)
            }
        }
        answers.expectAllPlayed()
        return result
    }

    /// Asks for `/x`; the answer's body or the failure.
    func get(timeout: Duration = .seconds(60), token: AccessToken = Self.token) async -> Result<String, RESTFailure> {
        do throws(RESTFailure) {
            let body = try await self.client.get(
                "/x",
                query: "a=1",
                token: token,
                deadline: self.clock.now.advanced(by: timeout)
            )
            return .success(String(decoding: body, as: UTF8.self))
        } catch {
            return .failure(error)
        }
    }
}
