import AsyncHTTPClient
import BridgeCore
import Locking
public import Logging
import NIOCore
import NIOHTTP1

/// One tenant's requests to the REST API, within their budget.
public final class RESTClient: Sendable {
    private enum Connection {
        /// Nothing was asked yet. Next: `open`, `closed`.
        case none
        /// Next: `closed`.
        case open(HTTPClient)
        /// `run` is over: nothing is asked any more.
        case closed
    }

    private struct State {
        var budget: RequestBudget
        var connection = Connection.none
    }

    private let settings: RESTSettings
    private let clock: TokenClock
    private let logger: Logger
    private let state: Locked<State>

    /// A client that connects with its first request. `run` must be running meanwhile: it ends what is open.
    public init(settings: RESTSettings, clock: TokenClock, logger: Logger) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        let budget = RequestBudget(
            requestsPerMinute: settings.requestsPerMinute,
            burst: settings.burst,
            now: clock.now()
        )
        self.state = Locked(State(budget: budget))
    }

    /// Returns when the task is cancelled, with every connection closed; requests that come later fail.
    public func run() async {
        await Wakeup().wait()
        let client = self.state.withLock { state -> HTTPClient? in
            defer { state.connection = .closed }
            guard case .open(let client) = state.connection else { return nil }
            return client
        }
        if let client { await self.shutDown(client) }
    }

    /// `timeout` from now, on this client's clock.
    func deadline(in timeout: Duration) -> Instant {
        self.clock.now().advanced(by: timeout)
    }

    /// The bytes that a URL of this server has with `path` and nothing behind it.
    func byteCount(ofPath path: String) -> Int {
        self.settings.api.httpURL(path: path).utf8.count
    }

    /// The body of the 2xx answer to `GET path?query`. `path` is shown in log lines, `query`, percent-encoded, is not.
    /// Ends by `deadline`, whatever is tried again and however long the budget holds it back.
    func get(
        _ path: String,
        query: String,
        token: AccessToken,
        deadline: Instant
    ) async throws(RESTFailure) -> [UInt8] {
        try await self.send(RESTRequest(path: path, query: query), token: token, deadline: deadline)
    }

    /// The body of the 2xx answer to `request`; the same holds as of `get`.
    func send(
        _ request: RESTRequest,
        token: AccessToken,
        deadline: Instant
    ) async throws(RESTFailure) -> [UInt8] {
        guard Self.canBeSent(token.secret) else {
            throw RESTFailure(.unusable, "the access token has characters that no header can carry")
        }
        let client = try await self.client()
        var plan = RetryPlan(attemptsMax: self.settings.attemptsMax, deadline: deadline)
        var last: RESTFailure?
        while true {
            if let seconds = try await self.secondsBehind(deadline, token: token) {
                throw last
                    ?? RESTFailure(
                        .throttled,
                        "the request budget is spent for another \(seconds) s",
                        retryAfterSeconds: seconds
                    )
            }
            do throws(RESTFailure) {
                return try await self.attempt(request, client: client, token: token, deadline: deadline)
            } catch {
                let now = self.clock.now()
                switch plan.failed(error, now: now, random: self.clock.random()) {
                case .giveUp: throw error
                case .retry(let at):
                    self.logger.debug("\(request.shown) is tried again: \(error.reason)")
                    last = error
                    try await self.wait(now.duration(to: at))
                }
            }
        }
    }

    private func client() async throws(RESTFailure) -> HTTPClient {
        if case .open(let client) = self.state.withLock({ $0.connection }) { return client }
        var configuration = self.settings.http
        configuration.redirectConfiguration = .disallow
        // Attempts are counted and spaced here; the library's own would hide why a connection fails.
        configuration.connectionPool.retryConnectionEstablishment = false
        let fresh = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let client = self.state.withLock { state -> HTTPClient? in
            switch state.connection {
            case .none:
                state.connection = .open(fresh)
                return fresh
            case .open(let client): return client
            case .closed: return nil
            }
        }
        // Two first requests at once: the second one's client is not needed.
        if client !== fresh { await self.shutDown(fresh) }
        guard let client else { throw RESTFailure(.unusable, "the REST client is stopped") }
        return client
    }

    private func shutDown(_ client: HTTPClient) async {
        do {
            try await client.shutdown()
        } catch {
            self.logger.warning("the REST client did not shut down cleanly: \(error)")
        }
    }

    /// Waits until the budget lets a request go, which then counts; returns the seconds until it would where that is
    /// not before `deadline`.
    private func secondsBehind(_ deadline: Instant, token: AccessToken) async throws(RESTFailure) -> Int? {
        while true {
            let now = self.clock.now()
            switch self.state.withLock({ $0.budget.take(serial: token.serial, now: now) }) {
            case .send: return nil
            case .wait(let until):
                let duration = now.duration(to: until)
                guard until < deadline else { return Int(duration.inSeconds.rounded(.up)) }
                try await self.wait(duration)
            }
        }
    }

    /// One request that the budget let go.
    private func attempt(
        _ request: RESTRequest,
        client: HTTPClient,
        token: AccessToken,
        deadline: Instant
    ) async throws(RESTFailure) -> [UInt8] {
        let exchange = HTTPExchange(client: client, clock: self.clock, bodyBytesMax: self.settings.bodyBytesMax)
        let timeout = min(self.settings.requestTimeout, max(self.clock.now().duration(to: deadline), .zero))
        let secrets = [token.secret] + request.secrets
        let answer: HTTPAnswer
        do throws(HTTPExchange.Failure) {
            answer = try await exchange.send(self.request(request, token: token), timeout: timeout)
        } catch {
            self.state.withLock { $0.budget.finished() }
            throw RESTFailure(error, hiding: secrets)
        }
        let failure = RESTFailure(answer, hiding: secrets, nowSeconds: self.clock.secondsSince1970())
        self.count(answer, failure, token: token)
        if let failure { throw failure }
        return answer.body
    }

    private func count(_ answer: HTTPAnswer, _ failure: RESTFailure?, token: AccessToken) {
        let now = self.clock.now()
        let limits = RateLimitHeaders(answer)
        guard failure?.kind == .throttled else {
            return self.state.withLock { state in
                state.budget.finished()
                state.budget.answered(serial: token.serial, limits: limits, now: now)
            }
        }
        let random = self.clock.random()
        self.state.withLock { state in
            state.budget.finished()
            state.budget.throttled(
                retryAfterSeconds: failure?.retryAfterSeconds,
                limits: limits,
                now: now,
                random: random
            )
        }
        self.logger.info("the REST API asks to be left alone: \(failure?.reason ?? "")")
    }

    private func request(_ asked: RESTRequest, token: AccessToken) -> HTTPClientRequest {
        let separator = asked.query.isEmpty ? "" : "?"
        var request = HTTPClientRequest(url: self.settings.api.httpURL(path: asked.path + separator + asked.query))
        request.method = asked.method
        if let body = asked.body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        request.headers.add(name: "authorization", value: "Bearer \(token.secret.revealed)")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "genesys-kafka-bridge")
        return request
    }

    private func wait(_ duration: Duration) async throws(RESTFailure) {
        do {
            try await self.clock.sleep(duration)
        } catch {
            throw RESTFailure(.cancelled, "cancelled")
        }
    }

    /// RFC 9110 section 5.5: visible characters. Anything else is refused here, for the library's error would show it.
    private static func canBeSent(_ secret: Secret) -> Bool {
        !secret.revealed.isEmpty && secret.revealed.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    }
}
