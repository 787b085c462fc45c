/// What a stream is subscribed to, what the server does not take of it, and why (S5.1–S5.6).
public struct SubscriptionRegistry: Hashable, Sendable {
    /// A subscription that is left out for now.
    public struct Pruned: Hashable, Sendable {
        /// Why, in words that are safe to print.
        public var reason: String
        /// Since when.
        public var since: Instant
        /// Where the stream stood then: what it missed lies behind this; nil: unknown.
        public var position: Position?
    }

    /// Everything that is wanted, in a stable order.
    public private(set) var wanted: [SubscriptionTopic]
    /// What is left out of it.
    public private(set) var pruned: [SubscriptionTopic: Pruned] = [:]
    /// What is to be taken again, with what was known of it, until a socket brings it.
    private var returning: [SubscriptionTopic: Pruned] = [:]
    /// The serial of the token with which the server last said something about them.
    private var validatedTokenSerial: Int?
    /// Why the server refused a list, if it did since it last said something about them.
    private var rejection: String?
    /// Whether the server has no pre-flight, as far as is known.
    private var isPreflightMissing = false
    private var bisection: SubscriptionBisection?

    /// A registry of `wanted`, none of which has been refused yet.
    public init(wanted: [SubscriptionTopic]) {
        self.wanted = wanted
    }

    /// What a socket asks for, in the order wanted.
    public var active: [SubscriptionTopic] {
        self.pruned.isEmpty ? self.wanted : self.wanted.filter { self.pruned[$0] == nil }
    }

    /// What is left out, in the order wanted.
    var prunedTopics: [SubscriptionTopic] {
        self.wanted.filter { self.pruned[$0] != nil }
    }

    /// What the next handshake asks for, and whether it is only a probe.
    var next: (topics: [SubscriptionTopic], isProbe: Bool) {
        self.bisection?.candidate.map { ($0, true) } ?? (self.active, false)
    }

    /// Whether the server is to be asked before a handshake with this token (S5.2): at the start, after a rejection, with a new token.
    func needsPreflight(tokenSerial: Int) -> Bool {
        self.bisection == nil && (self.rejection != nil || self.validatedTokenSerial != tokenSerial)
    }

    /// The wanted ones are these from now on. What stays keeps what is known of it.
    mutating func setWanted(_ wanted: [SubscriptionTopic]) {
        guard wanted != self.wanted else { return }
        self.wanted = wanted
        let kept = Set(wanted)
        self.pruned = self.pruned.filter { kept.contains($0.key) }
        self.returning = self.returning.filter { kept.contains($0.key) }
        self.bisection = nil
        self.rejection = nil
        self.validatedTokenSerial = nil
    }

    /// The server said something about all of them to who had the token of `tokenSerial`, or could not. Returns what misses something from
    /// now on.
    mutating func validated(
        _ outcome: PreflightOutcome,
        tokenSerial: Int,
        position: Position?,
        now: Instant
    ) -> [SubscriptionTopic] {
        self.validatedTokenSerial = tokenSerial
        self.isPreflightMissing = outcome == .missing
        guard case .verdicts(let verdicts) = outcome else { return self.searchIfRejected(position: position, now: now) }
        let before = Set(self.pruned.keys)
        let missing = self.take(verdicts, position: position, now: now)
        if before.isSuperset(of: self.pruned.keys) {
            return missing + self.searchIfRejected(position: position, now: now)
        }
        self.rejection = nil
        return missing
    }

    /// The server said something about some of them. Returns what misses something from now on.
    mutating func take(_ verdicts: [SubscriptionVerdict], position: Position?, now: Instant) -> [SubscriptionTopic] {
        var missing: [SubscriptionTopic] = []
        let known = Set(self.wanted)
        for verdict in verdicts where known.contains(verdict.topic) {
            if let refusal = verdict.refusal {
                missing += self.prune([verdict.topic], reason: refusal, position: position, now: now)
            } else {
                self.restore(verdict.topic)
            }
        }
        return missing
    }

    /// A pre-flight that found nothing although the handshake was refused does not know: only handshakes can tell (S5.4).
    private mutating func searchIfRejected(position: Position?, now: Instant) -> [SubscriptionTopic] {
        guard let reason = self.rejection, !self.active.isEmpty else { return [] }
        self.rejection = nil
        self.bisection = SubscriptionBisection(refused: self.active)
        return self.prune(reason: reason, position: position, now: now)
    }

    /// The server refused a handshake that asked for `topics`. Returns what is now known to be bad.
    mutating func rejected(
        isProbe: Bool,
        reason: String,
        position: Position?,
        now: Instant
    ) -> [SubscriptionTopic] {
        guard isProbe, self.bisection != nil else {
            self.rejection = reason
            return []
        }
        self.bisection?.rejected()
        return self.prune(reason: reason, position: position, now: now)
    }

    /// The server took a probe.
    mutating func probeAccepted(position: Position?, now: Instant) -> [SubscriptionTopic] {
        self.bisection?.accepted()
        return self.prune(reason: "the server refuses a list that names it", position: position, now: now)
    }

    /// Once every subscription is decided, the bad ones are left out.
    private mutating func prune(reason: String, position: Position?, now: Instant) -> [SubscriptionTopic] {
        guard let bisection = self.bisection, bisection.candidate == nil else { return [] }
        self.bisection = nil
        return self.prune(bisection.refused, reason: reason, position: position, now: now)
    }

    /// These are left out from now on. Returns those that a socket brought until now; the others are still missing what they missed.
    mutating func prune(
        _ topics: [SubscriptionTopic],
        reason: String,
        position: Position?,
        now: Instant
    ) -> [SubscriptionTopic] {
        var missing: [SubscriptionTopic] = []
        for topic in topics where self.pruned[topic] == nil {
            if var was = self.returning.removeValue(forKey: topic) {
                was.reason = reason
                self.pruned[topic] = was
            } else {
                self.pruned[topic] = Pruned(reason: reason, since: now, position: position)
                missing.append(topic)
            }
        }
        return missing
    }

    private mutating func restore(_ topic: SubscriptionTopic) {
        if let was = self.pruned.removeValue(forKey: topic) { self.returning[topic] = was }
    }

    /// A socket brings `topics` from now on. Returns those of them that were left out, and since when.
    mutating func brought(_ topics: [SubscriptionTopic]) -> [(topic: SubscriptionTopic, was: Pruned)] {
        guard !self.returning.isEmpty else { return [] }
        return topics.compactMap { topic in self.returning.removeValue(forKey: topic).map { (topic, $0) } }
    }

    /// The stream moved back to `position`: what was received behind it comes again, without what is left out.
    mutating func movedBack(to position: Position?) {
        for topic in self.pruned.keys { self.pruned[topic]?.position = position }
    }

    /// Everything that is left out is to be tried again (S5.3) by a handshake, for no pre-flight can tell.
    mutating func restoreAll() {
        for topic in self.prunedTopics { self.restore(topic) }
        self.validatedTokenSerial = nil
    }

    /// Nothing was left, and everything is to be tried again (S5.6): the pre-flight tells, or where there is none, a handshake.
    mutating func startOver() {
        if self.isPreflightMissing { self.restoreAll() }
        self.validatedTokenSerial = nil
    }

    /// Why nothing can be subscribed (S5.6).
    var emptyReason: String {
        guard let first = self.prunedTopics.first, let pruned = self.pruned[first] else {
            return "there is nothing to subscribe to"
        }
        let others = self.pruned.count - 1
        return "the server takes none of the subscriptions: \(first.label): \(pruned.reason)"
            + (others > 0 ? " (and \(others) more)" : "")
    }
}
