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

    /// What verdicts changed.
    struct Changes: Hashable {
        var pruned: [SubscriptionTopic] = []
        var restored: [(topic: SubscriptionTopic, was: Pruned)] = []

        static func == (lhs: Changes, rhs: Changes) -> Bool {
            lhs.pruned == rhs.pruned && lhs.restored.map(\.topic) == rhs.restored.map(\.topic)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(self.pruned)
            hasher.combine(self.restored.map(\.topic))
        }
    }

    /// Everything that is wanted, in a stable order.
    public private(set) var wanted: [SubscriptionTopic]
    /// What is left out of it.
    public private(set) var pruned: [SubscriptionTopic: Pruned] = [:]
    /// The serial of the token with which the server last said something about them.
    private var validatedTokenSerial: Int?
    /// Why the server refused a list, if it did since it last said something about them.
    private var rejection: String?
    /// How often a list was refused since one was taken. Once may be a passing mood of the server's.
    private var rejectionCount = 0
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

    /// What is left out, and since when, in the order wanted.
    var prunedInOrder: [(topic: SubscriptionTopic, pruned: Pruned)] {
        self.wanted.compactMap { topic in self.pruned[topic].map { (topic, $0) } }
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
        self.bisection = nil
        self.rejection = nil
        self.validatedTokenSerial = nil
    }

    /// The server said something about them, or could not.
    mutating func validated(
        _ outcome: PreflightOutcome,
        tokenSerial: Int,
        position: Position?,
        now: Instant
    ) -> Changes {
        var changes = Changes()
        self.validatedTokenSerial = tokenSerial
        self.isPreflightMissing = outcome == .missing
        guard case .verdicts(let verdicts) = outcome else {
            changes.pruned = self.searchIfRejected(position: position, now: now)
            return changes
        }
        let known = Set(self.wanted)
        for verdict in verdicts where known.contains(verdict.topic) {
            if let refusal = verdict.refusal {
                guard self.pruned[verdict.topic] == nil else { continue }
                self.pruned[verdict.topic] = Pruned(reason: refusal, since: now, position: position)
                changes.pruned.append(verdict.topic)
            } else if let was = self.pruned.removeValue(forKey: verdict.topic) {
                changes.restored.append((verdict.topic, was))
            }
        }
        if changes.pruned.isEmpty {
            changes.pruned = self.searchIfRejected(position: position, now: now)
        }
        self.rejection = nil
        return changes
    }

    /// A pre-flight that found nothing although the handshake was refused does not know: only handshakes can tell (S5.4).
    private mutating func searchIfRejected(position: Position?, now: Instant) -> [SubscriptionTopic] {
        guard let reason = self.rejection, !self.active.isEmpty else { return [] }
        self.rejection = nil
        guard self.rejectionCount > 1 else { return [] }
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
            self.rejectionCount += 1
            return []
        }
        self.bisection?.rejected()
        return self.prune(reason: reason, position: position, now: now)
    }

    /// The server took the whole list: it brought something.
    mutating func accepted() {
        self.rejectionCount = 0
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
        self.rejectionCount = 0
        self.prune(bisection.refused, reason: reason, position: position, now: now)
        return bisection.refused
    }

    /// These are left out from now on.
    mutating func prune(_ topics: [SubscriptionTopic], reason: String, position: Position?, now: Instant) {
        for topic in topics where self.pruned[topic] == nil {
            self.pruned[topic] = Pruned(reason: reason, since: now, position: position)
        }
    }

    /// Everything that is left out is to be tried again (S5.3) by a handshake, for no pre-flight can tell.
    mutating func restoreAll() -> [(topic: SubscriptionTopic, was: Pruned)] {
        let restored = self.wanted.compactMap { topic in self.pruned[topic].map { (topic, $0) } }
        self.pruned = [:]
        self.validatedTokenSerial = nil
        return restored
    }

    /// Nothing was left, and everything is to be tried again (S5.6): the pre-flight tells, or where there is none, a handshake.
    mutating func startOver() {
        if self.isPreflightMissing { self.pruned = [:] }
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
