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
        /// Whether a handshake told, not a pre-flight: only a handshake may know better.
        var isHandshakes = false
    }

    /// Everything that is wanted, in a stable order.
    public private(set) var wanted: [SubscriptionTopic]
    /// What is left out of it.
    public private(set) var pruned: [SubscriptionTopic: Pruned] = [:]
    /// What is to be taken again, with what was known of it, until a socket brings it.
    private var returning: [SubscriptionTopic: Pruned] = [:]
    /// The serial of the token with which the server last said something about them.
    private var validatedTokenSerial: Int?
    /// The list that the server refused, and why, if it did since it last said something about them.
    private var rejection: Rejection?
    /// Whether the server has no pre-flight, as far as is known.
    private var isPreflightMissing = false
    /// How many pre-flights of what is left out had no answer, in a row.
    private var unansweredCount = 0
    /// The search where nothing is known to be taken: probes, which hand nothing on.
    private var bisection: SubscriptionBisection?
    /// The search where something is: parts of what is in doubt join what sockets bring anyway, and are left out until then.
    private var additions = SubscriptionBisection()
    /// Whether the next of those parts has joined `active`.
    private var isAdding = false
    /// What the last socket that delivered asked for, without what was refused since.
    private var taken: [SubscriptionTopic] = []
    /// What it asked for and nobody wants any more, until the next socket is read.
    private var dropped: [SubscriptionTopic] = []

    private struct Rejection: Hashable {
        var topics: [SubscriptionTopic]
        var reason: String
    }

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
    /// A search knows better than a pre-flight that had nothing against what was refused.
    func needsPreflight(tokenSerial: Int) -> Bool {
        guard self.bisection == nil else { return false }
        return self.rejection != nil || !self.isSearching && self.validatedTokenSerial != tokenSerial
    }

    /// Whether something is left out only until a socket has tried it.
    var isSearching: Bool { self.additions.candidate != nil }

    /// The wanted ones are these from now on. What stays keeps what is known of it.
    mutating func setWanted(_ wanted: [SubscriptionTopic]) {
        guard wanted != self.wanted else { return }
        self.wanted = wanted
        let kept = Set(wanted)
        self.dropped.removeAll(where: kept.contains)
        self.dropped += self.taken.filter { !kept.contains($0) && !self.dropped.contains($0) }
        self.pruned = self.pruned.filter { kept.contains($0.key) }
        self.returning = self.returning.filter { kept.contains($0.key) }
        if self.isAdding, self.additions.candidate?.contains(where: kept.contains) != true { self.isAdding = false }
        self.additions.keep(kept)
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
        guard case .verdicts(let verdicts) = outcome else {
            // Nothing is known, and there is nothing else to be tried.
            if self.active.isEmpty { self.restoreAll(tokenSerial: tokenSerial) }
            return self.searchIfRejected(position: position, now: now)
        }
        let before = Set(self.pruned.keys)
        // Whoever is asked because a handshake was refused says what is bad; what was good before it is no news.
        let isRejected = self.rejection != nil
        let missing = self.take(
            isRejected ? verdicts.filter { $0.refusal != nil } : verdicts,
            position: position,
            now: now
        )
        if before.isSuperset(of: self.pruned.keys) {
            return missing + self.searchIfRejected(position: position, now: now)
        }
        self.rejection = nil
        return missing
    }

    /// The server said something about some of them. Returns what misses something from now on.
    mutating func take(_ verdicts: [SubscriptionVerdict], position: Position?, now: Instant) -> [SubscriptionTopic] {
        self.unansweredCount = 0
        var missing: [SubscriptionTopic] = []
        let known = Set(self.wanted)
        for verdict in verdicts where known.contains(verdict.topic) {
            if let refusal = verdict.refusal {
                let was = Pruned(reason: refusal, since: now, position: position)
                missing += self.prune([verdict.topic], as: was)
            } else {
                self.restore(verdict.topic)
            }
        }
        return missing
    }

    /// A pre-flight that found nothing although the handshake was refused does not know: only handshakes can tell (S5.4).
    private mutating func searchIfRejected(position: Position?, now: Instant) -> [SubscriptionTopic] {
        guard let rejection = self.rejection else { return [] }
        self.rejection = nil
        let named = Set(rejection.topics)
        let refused = self.active.filter(named.contains)
        guard !refused.isEmpty else { return [] }
        let was = Pruned(reason: rejection.reason, since: now, position: position, isHandshakes: true)
        let doubtful = self.doubtful(in: refused, besides: [])
        // What sockets brought until now is taken again without what came to it.
        if doubtful.count < refused.count, !doubtful.isEmpty { return self.doubt(doubtful, as: was) }
        self.bisection = SubscriptionBisection(refused: refused, again: !self.isJudged(refused))
        return self.pruneIfDecided(as: was)
    }

    /// The server refused a handshake that asked for `topics`. Returns what is now known to be bad.
    mutating func rejected(
        _ topics: [SubscriptionTopic],
        isProbe: Bool,
        reason: String,
        position: Position?,
        now: Instant
    ) -> [SubscriptionTopic] {
        guard isProbe, self.bisection != nil else {
            self.rejection = Rejection(topics: topics, reason: reason)
            return []
        }
        self.bisection?.rejected()
        return self.pruneIfDecided(as: Pruned(reason: reason, since: now, position: position, isHandshakes: true))
    }

    /// The server took a probe.
    mutating func probeAccepted(position: Position?, now: Instant) -> [SubscriptionTopic] {
        self.bisection?.accepted()
        let reason = "the server refuses a list that names it"
        return self.pruneIfDecided(as: Pruned(reason: reason, since: now, position: position, isHandshakes: true))
    }

    /// Once every subscription is decided, the bad ones are left out.
    private mutating func pruneIfDecided(as was: Pruned) -> [SubscriptionTopic] {
        guard let bisection = self.bisection, bisection.candidate == nil else { return [] }
        self.bisection = nil
        return self.prune(bisection.refused, as: was)
    }

    /// These are left out from now on. Returns those that a socket brought until now; the others are still missing what they missed.
    private mutating func prune(_ topics: [SubscriptionTopic], as new: Pruned) -> [SubscriptionTopic] {
        var missing: [SubscriptionTopic] = []
        for topic in topics where self.pruned[topic] == nil {
            if var was = self.returning.removeValue(forKey: topic) {
                was.reason = new.reason
                was.isHandshakes = new.isHandshakes
                self.pruned[topic] = was
            } else {
                self.pruned[topic] = new
                missing.append(topic)
            }
        }
        if !topics.isEmpty {
            let refused = Set(topics)
            self.taken.removeAll(where: refused.contains)
        }
        return missing
    }

    private mutating func restore(_ topic: SubscriptionTopic) {
        if let was = self.pruned.removeValue(forKey: topic) { self.returning[topic] = was }
    }

    /// A socket brings `topics` from now on. Returns those of them that were left out, and since when.
    mutating func brought(_ topics: [SubscriptionTopic]) -> [(topic: SubscriptionTopic, was: Pruned)] {
        self.taken = topics
        guard !self.returning.isEmpty else { return [] }
        return topics.compactMap { topic in self.returning.removeValue(forKey: topic).map { (topic, $0) } }
    }

    /// A socket brings `topics` from now on. Returns what the one before it still asked for, and nobody wants any more.
    mutating func takeDropped(besides topics: [SubscriptionTopic]) -> [SubscriptionTopic] {
        guard !self.dropped.isEmpty else { return [] }
        let asked = Set(topics)
        defer { self.dropped.removeAll { !asked.contains($0) } }
        return self.dropped.filter { !asked.contains($0) }
    }

    /// The stream moved back to `position`: what was received behind it comes again, without what is left out.
    mutating func movedBack(to position: Position?) {
        for topic in self.pruned.keys { self.pruned[topic]?.position = position }
    }

    /// Nothing was left, and everything is to be tried again (S5.6): the pre-flight tells, or where there is none, a handshake.
    mutating func startOver() {
        if self.isPreflightMissing { self.restoreAll(tokenSerial: nil) }
        self.validatedTokenSerial = nil
    }

    /// Everything that is left out is to be tried by the next handshake, for nothing else is left and no pre-flight can tell.
    private mutating func restoreAll(tokenSerial: Int?) {
        for topic in self.prunedTopics { self.restore(topic) }
        self.additions = SubscriptionBisection()
        self.isAdding = false
        self.validatedTokenSerial = tokenSerial
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

// MARK: - What is in doubt, beside what is taken (S5.4)

extension SubscriptionRegistry {
    /// The server refused a socket of `topics` beside one that brings `live`. Returns what misses something from now on.
    mutating func rejected(
        _ topics: [SubscriptionTopic],
        besides live: [SubscriptionTopic],
        reason: String,
        position: Position?,
        now: Instant
    ) -> [SubscriptionTopic] {
        let was = Pruned(reason: reason, since: now, position: position, isHandshakes: true)
        return self.doubt(self.doubtful(in: topics, besides: live), as: was)
    }

    /// A pre-flight of what is left out had no answer, because there `isNone` or it failed: what handshakes refused is tried by them again,
    /// a part at a time (S5.3), and so is everything where no pre-flight can tell, or none answers for longer.
    mutating func unanswered(isNone: Bool) {
        self.unansweredCount += 1
        let all = isNone || self.unansweredCount > 1
        let again = self.prunedTopics.filter { topic in
            (all || self.pruned[topic]?.isHandshakes == true) && !self.additions.contains(topic)
        }
        self.additions.add(untried: again)
        self.addNext()
    }

    /// Lets the next part of what is in doubt join `active`, where a socket brings everything else.
    mutating func addNext() {
        while self.isSearching, self.taken == self.active {
            if self.isAdding {
                self.additions.accepted()
                self.isAdding = false
            } else {
                for topic in self.additions.candidate ?? [] { self.restore(topic) }
                self.isAdding = true
            }
        }
        if !self.isSearching { self.additions = SubscriptionBisection() }
    }

    /// No socket brings anything: the next one asks for what was taken (S4.3), and what is in doubt waits for it.
    mutating func withdrawNext() {
        guard self.isAdding else { return }
        self.isAdding = false
        for topic in self.additions.candidate ?? [] {
            if let was = self.returning.removeValue(forKey: topic) { self.pruned[topic] = was }
        }
    }

    /// Those of `topics` that no socket has brought.
    private func doubtful(in topics: [SubscriptionTopic], besides live: [SubscriptionTopic]) -> [SubscriptionTopic] {
        let known = Set(self.taken).union(live)
        let active = Set(self.active)
        return topics.filter { !known.contains($0) && active.contains($0) }
    }

    /// Whether one refusal tells enough of `topics`: each was refused before.
    private func isJudged(_ topics: [SubscriptionTopic]) -> Bool {
        topics.allSatisfy { self.returning[$0] != nil }
    }

    /// `topics` were refused, and nothing else that was refused with them is in doubt.
    private mutating func doubt(_ topics: [SubscriptionTopic], as was: Pruned) -> [SubscriptionTopic] {
        guard !topics.isEmpty else { return [] }
        let candidate = Set(self.isAdding ? self.additions.candidate ?? [] : [])
        if candidate.isSuperset(of: topics) {
            self.additions.rejected()
        } else {
            let others = topics.filter { !self.additions.contains($0) }
            self.additions.add(refused: others, again: !self.isJudged(others))
        }
        self.isAdding = false
        return self.prune(topics, as: was)
    }
}
