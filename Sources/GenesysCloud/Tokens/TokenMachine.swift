import BridgeCore

/// Decides when one tenant's token is asked for, and which one is handed out (S1.5). Reads no clock and draws no
/// numbers.
struct TokenMachine {
    /// What the driver does next.
    enum Action: Hashable {
        /// Ask for a token, and report what came of it.
        case fetch
        /// Nothing before this instant, unless the machine says `wake`.
        case wait(until: Instant)
    }

    /// What the driver does about a token that was marked bad.
    enum BadTokenAction: Hashable {
        /// Nothing: it is known, or an answer or a delay is under way.
        case ignore
        /// Ask `next` again, however long it said to wait.
        case wake
    }

    private enum State: Hashable {
        /// Asks at `until`, or when the current token is marked bad. Next: `fetching`.
        case waiting(until: Instant)
        /// Refused; asks at `until`, whatever becomes of the current token. Next: `fetching`.
        case backingOff(until: Instant)
        /// An answer is on its way. Next: `waiting` with a grant or when it is given up, `backingOff` with a refusal.
        case fetching
    }

    private struct Current: Hashable {
        var token: AccessToken
        var expiresAt: Instant
        var fetchedAt: Instant
    }

    /// No two requests are closer together, unless the first was refused: that is what `backoff` is for.
    static let fetchInterval = Duration.seconds(1)
    /// The first delay behind a refusal; doubles with each one. A delay is drawn from [d, 2d).
    static let backoffBase = Duration.seconds(1)
    /// The longest d.
    static let backoffCap = Duration.seconds(30)
    /// The longest that a server's `Retry-After` is obeyed.
    static let retryAfterSecondsMax = 900
    private var state: State
    private var current: Current?
    private var lastSerial = 0
    private var refusalCount = 0
    private var youngBadCount = 0
    /// A token that is marked bad when it is younger than this counts towards slowing down: a server may grant tokens
    /// at once and refuse each of them.
    private let settledAge: Duration

    /// As long as the pauses get.
    static let settledAgeDefault = Duration.seconds(30)

    /// A machine that asks at `now`.
    init(now: Instant, settledAge: Duration = Self.settledAgeDefault) {
        self.state = .waiting(until: now)
        self.settledAge = settledAge
    }

    /// How many refusals there were since the last grant.
    var consecutiveRefusalCount: Int { self.refusalCount }

    /// When the current token expires; nil where there is none.
    var expiresAt: Instant? { self.current?.expiresAt }

    /// The token to hand out; nil where there is none that is valid.
    func token(now: Instant) -> AccessToken? {
        guard let current = self.current, now < current.expiresAt else { return nil }
        return current.token
    }

    /// What to do at `now`. Not called again before `granted`, `refused` or `abandoned` once it said `fetch`.
    mutating func next(now: Instant) -> Action {
        switch self.state {
        case .waiting(let until), .backingOff(let until):
            guard now >= until else { return .wait(until: until) }
            self.state = .fetching
            return .fetch
        case .fetching:
            preconditionFailure("a token is asked for once at a time")
        }
    }

    /// The server granted a token that was asked for at `askedAt`. It is asked for the next one after 70 to 80 % of its
    /// lifetime, by `random`, which is in 0..<1: processes that started together do not ask together.
    mutating func granted(_ grant: TokenGrant, askedAt: Instant, now: Instant, random: Double) {
        self.lastSerial += 1
        self.refusalCount = 0
        if self.current != nil { self.youngBadCount = 0 }
        self.current = Current(
            token: AccessToken(
                secret: grant.secret,
                serial: self.lastSerial,
                expiresAt: askedAt.advanced(by: grant.lifetime)
            ),
            expiresAt: askedAt.advanced(by: grant.lifetime),
            fetchedAt: now
        )
        let refresh = askedAt.advanced(by: grant.lifetime * (0.8 - 0.1 * random))
        self.state = .waiting(until: max(refresh, now.advanced(by: Self.fetchInterval)))
    }

    /// The server refused, or could not be asked. A token that is still valid is handed out as before.
    mutating func refused(retryAfterSeconds: Int?, now: Instant, random: Double) {
        self.refusalCount += 1
        let delay = Self.backoff(self.refusalCount) * (1 + random)
        let asked = Duration.seconds(min(retryAfterSeconds ?? 0, Self.retryAfterSecondsMax))
        self.state = .backingOff(until: now.advanced(by: max(delay, asked)))
    }

    /// The answer is not waited for any more, for the driver ends: another one may ask at once.
    mutating func abandoned(now: Instant) {
        self.state = .waiting(until: now)
    }

    /// A socket says that the server refused the token with `serial`. Only the first one to say so of the current token
    /// changes anything.
    mutating func markedBad(serial: Int, now: Instant) -> BadTokenAction {
        guard let current = self.current, current.token.serial == serial else { return .ignore }
        self.current = nil
        let isYoung = current.fetchedAt.duration(to: now) < self.settledAge
        self.youngBadCount = isYoung ? self.youngBadCount + 1 : 0
        switch self.state {
        case .waiting:
            let pause = isYoung ? Self.backoff(self.youngBadCount) : Self.fetchInterval
            self.state = .waiting(until: max(now, current.fetchedAt.advanced(by: pause)))
            return .wake
        case .backingOff, .fetching:
            return .ignore
        }
    }

    /// 1 s, 2 s, 4 s … 30 s.
    private static func backoff(_ count: Int) -> Duration {
        min(Self.backoffBase * (1 << min(count - 1, 10)), Self.backoffCap)
    }
}
