import AsyncHTTPClient
public import BridgeCore
import Locking
public import Logging
import NIOCore

/// Keeps one tenant supplied with access tokens (S1.4–S1.6). `run` is the only place where tokens are asked for;
/// whoever needs one waits for it here.
public final class TokenService: AccessTokenProvider {
    private struct State {
        var machine: TokenMachine
        var lastRefusal: String?
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0

        /// Whoever can be given a token now, with the token.
        mutating func served(now: Instant) -> (
            token: AccessToken, waiters: [CheckedContinuation<AccessToken, any Error>]
        )? {
            guard let token = self.machine.token(now: now) else { return nil }
            let served = self.waiters.filter { $0.value.takes(token) }
            for id in served.keys { self.waiters[id] = nil }
            return (token, served.values.map(\.continuation))
        }
    }

    /// Somebody who waits for a token.
    private struct Waiter {
        /// Only a token with a higher serial will do; nil: any.
        var serial: Int?
        var continuation: CheckedContinuation<AccessToken, any Error>

        func takes(_ token: AccessToken) -> Bool {
            self.serial.map { token.serial > $0 } ?? true
        }
    }

    private let settings: TokenServiceSettings
    private let clock: TokenClock
    private let logger: Logger
    private let wakeup = Wakeup()
    private let state: Locked<State>

    /// A service that asks for its first token when it runs.
    public init(settings: TokenServiceSettings, clock: TokenClock, logger: Logger) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.state = Locked(State(machine: TokenMachine(now: clock.now(), settledAge: settings.settledAge)))
    }

    /// Asks for tokens, ahead of their expiry and when one is marked bad, until the task is cancelled.
    public func run() async {
        var configuration = self.settings.http
        configuration.redirectConfiguration = .disallow
        // Attempts are counted and spaced here; the library's own would hide why a connection fails.
        configuration.connectionPool.retryConnectionEstablishment = false
        do {
            try await HTTPClient.withHTTPClient(configuration: configuration) { client in
                await self.keepAsking(client)
            }
        } catch {
            self.logger.warning("the token service's HTTP client did not shut down cleanly: \(error)")
        }
    }

    /// The current token, or the next one where there is none yet, the last was marked bad, or its serial is not above
    /// `serial`. Waits as long as it takes; throws only `CancellationError`.
    public func token(newerThan serial: Int? = nil) async throws -> AccessToken {
        let id = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now = self.clock.now()
                let outcome: Result<AccessToken, any Error>? = self.state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    let waiter = Waiter(serial: serial, continuation: continuation)
                    if let token = state.machine.token(now: now), waiter.takes(token) { return .success(token) }
                    state.waiters[id] = waiter
                    return nil
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Says that the server refused `token`. However many sockets say it of the same token, one new token is asked for.
    public func markBad(_ token: AccessToken) async {
        let now = self.clock.now()
        switch self.state.withLock({ $0.machine.markedBad(serial: token.serial, now: now) }) {
        case .ignore: return
        case .wake:
            self.logger.info("the server refused token \(token.serial), a new one is asked for")
            self.wakeup.signal()
        }
    }

    /// How the tokens stand.
    public var status: TokenStatus {
        let now = self.clock.now()
        return self.state.withLock { state in
            TokenStatus(
                isValid: state.machine.token(now: now) != nil,
                expiresAt: state.machine.expiresAt,
                consecutiveRefusalCount: state.machine.consecutiveRefusalCount,
                lastRefusal: state.lastRefusal
            )
        }
    }

    private func keepAsking(_ client: HTTPClient) async {
        while !Task.isCancelled {
            let now = self.clock.now()
            switch self.state.withLock({ $0.machine.next(now: now) }) {
            case .fetch: await self.ask(client)
            case .wait(let until): await self.wait(for: now.duration(to: until))
            }
        }
    }

    private func ask(_ client: HTTPClient) async {
        let askedAt = self.clock.now()
        do throws(TokenRefusal) {
            let grant = try await TokenRequest(settings: self.settings, clock: self.clock).send(with: client)
            self.granted(grant, askedAt: askedAt)
        } catch {
            self.refused(error)
        }
    }

    private func granted(_ grant: TokenGrant, askedAt: Instant) {
        let now = self.clock.now()
        let random = self.clock.random()
        let served = self.state.withLock { state in
            state.machine.granted(grant, askedAt: askedAt, now: now, random: random)
            state.lastRefusal = nil
            return state.served(now: now)
        }
        guard let (token, waiters) = served else { return }
        self.logger.info("token \(token.serial) granted for \(Int(grant.lifetime.inSeconds)) s")
        for waiter in waiters { waiter.resume(returning: token) }
    }

    private func refused(_ refusal: TokenRefusal) {
        let now = self.clock.now()
        guard !Task.isCancelled else { return self.state.withLock { $0.machine.abandoned(now: now) } }
        let random = self.clock.random()
        let count = self.state.withLock { state in
            state.machine.refused(retryAfterSeconds: refusal.retryAfterSeconds, now: now, random: random)
            state.lastRefusal = refusal.reason
            return state.machine.consecutiveRefusalCount
        }
        self.logger.warning("no token from \(self.settings.login), \(count) in a row: \(refusal.reason)")
    }

    private func wait(for duration: Duration) async {
        await self.wakeup.wait(orFor: { try await self.clock.sleep(duration) })
    }
}
