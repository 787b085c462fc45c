import NIOCore

/// How many events a tenant has by now: the clock makes them at a rate, whether anybody listens or not.
struct ProductionPace {
    private enum State {
        /// `events(from: …)` at a rate. Next: any.
        case paced(from: Int, since: NIODeadline, eventsPerSecond: Double)
        /// There is always one more event. Next: any.
        case unlimited
        /// No event comes after `end`. Next: `paced` or `unlimited`, by a new rate.
        case stopped(end: Int)
    }

    private var state: State

    /// Whether there is always one more event.
    var isUnlimited: Bool {
        switch self.state {
        case .unlimited: true
        case .paced, .stopped: false
        }
    }

    init(rate: ProductionRate, now: NIODeadline) {
        self.state = Self.producing(rate, from: 0, now: now)
    }

    /// The sequence number that the next event will have, `Int.max` when there is always one more.
    func end(now: NIODeadline) -> Int {
        switch self.state {
        case .paced(let from, let since, let eventsPerSecond):
            let seconds = Double((now - since).nanoseconds) / 1e9
            return from + Int(max(0, seconds) * eventsPerSecond)
        case .unlimited: return .max
        case .stopped(let end): return end
        }
    }

    /// When `end` will have reached `sequence`; nil if it never will.
    func instant(endReaches sequence: Int) -> NIODeadline? {
        switch self.state {
        case .paced(let from, let since, let eventsPerSecond):
            guard eventsPerSecond > 0 else { return nil }
            let seconds = Double(sequence - from) / eventsPerSecond
            // Rounded up, and never so far away that the deadline would not fit.
            return since + .nanoseconds(Int64(min(max(0, seconds), 1e8) * 1e9) + 1)
        case .unlimited: return .uptimeNanoseconds(0)
        case .stopped: return nil
        }
    }

    /// - Parameter offered: one more than the highest sequence number that any client has been sent.
    mutating func setRate(_ rate: ProductionRate, offered: Int, now: NIODeadline) {
        self.state = Self.producing(rate, from: self.present(offered: offered, now: now), now: now)
    }

    /// Makes no further events: what exists can be drained.
    mutating func stop(offered: Int, now: NIODeadline) {
        self.state = .stopped(end: self.present(offered: offered, now: now))
    }

    /// The sequence number at which a client without a position starts.
    func present(offered: Int, now: NIODeadline) -> Int {
        let end = self.end(now: now)
        return end == .max ? offered : max(end, offered)
    }

    private static func producing(_ rate: ProductionRate, from: Int, now: NIODeadline) -> State {
        switch rate {
        case .eventsPerSecond(let eventsPerSecond):
            .paced(from: from, since: now, eventsPerSecond: min(max(0, eventsPerSecond), 1e9))
        case .unlimited: .unlimited
        }
    }
}
