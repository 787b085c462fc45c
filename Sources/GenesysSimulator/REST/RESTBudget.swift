import NIOCore

/// How many REST calls each token has left: a fixed window, counted from a token's first call. Besides, who was told to stay away for a time.
struct RESTBudget: Equatable {
    /// What becomes of one call.
    struct Verdict: Equatable {
        let isAllowed: Bool
        /// Refused, although a refusal had already said so a while ago; or sooner than a `Retry-After` allows.
        let isViolation: Bool
        /// Calls in this window, this one included.
        let count: Int
        /// Whole seconds until the window ends, at least 1.
        let resetSeconds: Int
    }

    private struct Window: Equatable {
        let start: NIODeadline
        var count = 0
        var refusedSince: NIODeadline?
    }

    /// What the `Retry-After` of an answer that was asked for says.
    private struct Hold: Equatable {
        /// When the client was told.
        let since: NIODeadline
        var end: NIODeadline
    }

    private static let tokenCountMax = 4_096

    let callsMax: Int
    private let length: TimeAmount
    /// A call that arrives so soon after a refusal was already under way.
    private let grace: TimeAmount
    private var windows: [String: Window] = [:]
    private var holds: [String: Hold] = [:]

    /// - Parameter callsMax: calls in a window of `length`.
    init(callsMax: Int, length: TimeAmount, grace: TimeAmount) {
        self.callsMax = callsMax
        self.length = length
        self.grace = grace
    }

    mutating func spend(_ token: String, now: NIODeadline) -> Verdict {
        var window = self.windows[token] ?? Window(start: now)
        if now >= window.start + self.length { window = Window(start: now) }
        window.count += 1
        let isAllowed = window.count <= self.callsMax
        let isRepeated = !isAllowed && window.refusedSince.map { now >= $0 + self.grace } ?? false
        if !isAllowed { window.refusedSince = window.refusedSince ?? now }
        if self.windows.count >= Self.tokenCountMax {
            self.windows = self.windows.filter { now < $0.value.start + self.length }
        }
        self.windows[token] = window
        let rest = (window.start + self.length - now).nanoseconds
        return Verdict(
            isAllowed: isAllowed,
            isViolation: isRepeated || self.isHeld(token, now: now),
            count: window.count,
            resetSeconds: Int((rest + 999_999_999) / 1_000_000_000)
        )
    }

    /// The client is told with a 429 to stay away for so long. One that stands longer already stays as it is.
    mutating func hold(_ token: String, seconds: Int, now: NIODeadline) {
        if self.holds.count >= Self.tokenCountMax { self.holds = self.holds.filter { now < $0.value.end } }
        let end = now + .seconds(Int64(seconds))
        var hold = self.holds[token].flatMap { now < $0.end ? $0 : nil } ?? Hold(since: now, end: end)
        hold.end = max(hold.end, end)
        self.holds[token] = hold
    }

    private func isHeld(_ token: String, now: NIODeadline) -> Bool {
        self.holds[token].map { $0.since + self.grace <= now && now < $0.end } ?? false
    }
}
