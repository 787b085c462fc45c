/// What an answer says of the server's own count of requests, for the token that asked.
struct RateLimitHeaders: Hashable {
    /// A window above this many seconds is taken for this.
    static let resetSecondsMax = 300

    /// Requests counted in the window so far.
    var count: Int
    /// Requests that the window allows.
    var allowed: Int
    /// Seconds until the window ends; a minute where it is not said.
    var resetSeconds: Int

    /// Of the given numbers.
    init(count: Int, allowed: Int, resetSeconds: Int) {
        self.count = count
        self.allowed = allowed
        self.resetSeconds = resetSeconds
    }

    /// Nil where `answer` does not say, or says no numbers.
    init?(_ answer: HTTPAnswer) {
        func number(_ name: String) -> Int? {
            guard let text = answer.header(name), 1...9 ~= text.utf8.count else { return nil }
            return Int(text).flatMap { $0 >= 0 ? $0 : nil }
        }
        guard let count = number("inin-ratelimit-count"), let allowed = number("inin-ratelimit-allowed") else {
            return nil
        }
        let reset = number("inin-ratelimit-reset") ?? 60
        self.init(count: count, allowed: allowed, resetSeconds: min(reset, Self.resetSecondsMax))
    }
}
