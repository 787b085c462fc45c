/// Knows of each topic up to when everything was certainly received, and so which stretches of time are gaps (C1).
///
/// What proves that a socket's reader has caught up is never the time at which a message is read, for that can be long after it was sent:
/// a pong proves that everything sent before its *ping* was sent has been read, because the socket keeps the order. `caughtUp` takes such a
/// proven moment. A socket therefore covers the time from when it was first certainly observing (its first heartbeat or event) to the last
/// proven moment. A gap is what no socket covers, once no open socket can cover it any more; time that an open socket may still prove is
/// none yet.
public struct ChannelCoverage: Sendable {
    private struct Topic {
        /// Up to here everything is covered or has been recorded; nil: from the beginning of time nothing is.
        var settled: Instant?
        /// Why it would not be observed.
        var cause: GapRecord.Cause
        /// It is not wanted behind this moment.
        var until: Instant?
        /// Whether a gap without an end was recorded.
        var isAnnounced = false
    }

    private struct Socket {
        /// Since when each topic is certainly observed.
        var observed: [String: Instant]
        /// Those of them that it brings no more: it observed them for as long as they were wanted, and no longer.
        var ended: Set<String> = []
        /// The last moment of which it is proven that everything sent before it was read.
        var caughtUp: Instant
        /// Since when messages are being thrown away for want of room.
        var droppingFrom: Instant?
    }

    private struct GapKey: Hashable {
        var from: Instant?
        var to: Instant?
        var cause: GapRecord.Cause
    }

    private var topics: [String: Topic] = [:]
    private var sockets: [SocketID: Socket] = [:]
    /// Whether any topic has `until`.
    private var hasLeaving = false
    /// Gaps that nobody has taken yet, the oldest first.
    public private(set) var pending: [ChannelGap] = []

    /// Coverage of `topics`, of which everything up to `lastCaughtUp` was received by an earlier process; nil where nothing is known: then
    /// what came before is a gap since nobody knows when.
    public init(topics: [String], lastCaughtUp: Instant?) {
        for topic in topics {
            self.topics[topic] = Topic(
                settled: lastCaughtUp,
                cause: lastCaughtUp == nil ? .missingCheckpoint : .restart
            )
        }
    }

    /// Takes the gaps that have to be recorded.
    public mutating func takePending() -> [ChannelGap] {
        defer { self.pending = [] }
        return self.pending
    }

    /// The moment up to which everything that was wanted was received or is a recorded gap: what a restart begins its own gap at. Nil where
    /// a topic has never been observed. Topics whose gap was recorded without an end are left out.
    public var caughtUpAt: Instant? {
        var earliest: Instant?
        for (name, topic) in self.topics where !topic.isAnnounced && topic.until == nil {
            guard let at = self.reach(of: name, topic) else { return nil }
            earliest = min(earliest ?? at, at)
        }
        return earliest
    }

    /// Topics that no socket observes.
    public var unobserved: [String] {
        self.topics.keys.filter { name in !self.sockets.values.contains { $0.observed[name] != nil } }.sorted()
    }
}

// MARK: - What is wanted

extension ChannelCoverage {
    /// These topics are wanted from `now` on. A new one is a gap until it is observed; one that goes is wanted up to `now`.
    ///
    /// - Parameter missedSince: new ones may have had events since then already, which is a gap, too; nil: they had none.
    public mutating func want(_ wanted: [String], missedSince: Instant? = nil, now: Instant) {
        let wanted = Set(wanted)
        let new = wanted.filter { self.topics[$0] == nil }
        for name in wanted.subtracting(new) where self.topics[name]?.until != nil {
            self.topics[name]?.until = nil
            for id in self.sockets.keys where self.sockets[id]?.ended.remove(name) != nil {
                self.lost(id, [name], cause: .unsubscribed)
            }
        }
        for name in new { self.topics[name] = Topic(settled: now, cause: .unsubscribed) }
        // A record of its own: nothing that is observed later has to be waited for.
        if let missedSince, missedSince < now, !new.isEmpty {
            self.record([GapKey(from: missedSince, to: now, cause: .unsubscribed): Array(new)])
        }
        let leaving = self.topics.filter { !wanted.contains($0.key) && $0.value.until == nil }.keys
        for name in leaving {
            self.topics[name]?.until = now
            self.hasLeaving = true
        }
        self.settle(Array(leaving))
    }

    /// The server does not bring these topics: those that no socket observes are a gap, recorded now without an end and once more with it.
    public mutating func rejected(_ rejected: [String]) {
        var groups: [GapKey: [String]] = [:]
        for name in rejected {
            guard let topic = self.topics[name], !topic.isAnnounced, topic.until == nil,
                !self.sockets.values.contains(where: { $0.observed[name] != nil })
            else { continue }
            self.topics[name]?.isAnnounced = true
            self.topics[name]?.cause = .unsubscribed
            groups[GapKey(from: topic.settled, to: nil, cause: .unsubscribed), default: []].append(name)
        }
        self.record(groups)
    }
}

// MARK: - Sockets

extension ChannelCoverage {
    /// `socket` certainly observes these topics from `now` on.
    public mutating func observing(_ socket: SocketID, _ names: [String], now: Instant) {
        var known = self.sockets[socket] ?? Socket(observed: [:], caughtUp: now)
        for name in names where known.observed[name] == nil { known.observed[name] = now }
        self.sockets[socket] = known
        self.settle(names)
    }

    /// Everything that was sent on `socket` before `moment` was read and handed on.
    public mutating func caughtUp(_ socket: SocketID, through moment: Instant) {
        guard let known = self.sockets[socket], known.caughtUp < moment else { return }
        self.sockets[socket]?.caughtUp = moment
        guard self.hasLeaving else { return }
        self.settle(self.topics.filter { $0.value.until != nil }.map(\.key))
        self.hasLeaving = self.topics.values.contains { $0.until != nil }
    }

    /// The last such moment; nil for a socket that does not observe.
    public func caughtUpMoment(of socket: SocketID) -> Instant? { self.sockets[socket]?.caughtUp }

    /// `socket` brings these topics no more, which nobody wants: it observes what comes behind that end no more.
    public mutating func unsubscribed(_ socket: SocketID, _ names: [String]) {
        guard var known = self.sockets[socket] else { return }
        for name in names where known.observed[name] != nil {
            if self.topics[name] == nil { known.observed[name] = nil } else { known.ended.insert(name) }
        }
        self.sockets[socket] = known
    }

    /// `socket` does not observe these topics any more; all of its own where `names` is nil.
    public mutating func lost(_ socket: SocketID, _ names: [String]? = nil, cause: GapRecord.Cause) {
        guard var known = self.sockets[socket] else { return }
        let names = names ?? Array(known.observed.keys)
        for name in names {
            guard let since = known.observed.removeValue(forKey: name), let topic = self.topics[name] else { continue }
            // What others have proven may reach to where this one began.
            var settled = self.reach(of: name, topic)
            if let reach = settled, since <= reach { settled = max(reach, since, known.caughtUp) }
            self.topics[name]?.settled = settled
            self.topics[name]?.cause = cause
        }
        self.sockets[socket] = known.observed.isEmpty ? nil : known
        self.settle(names)
    }
}

// MARK: - Messages

extension ChannelCoverage {
    /// A message of `socket` was read at `now` and is lost: not to be read, or no room for it. Which topic it was of is not known.
    public mutating func missed(_ socket: SocketID, cause: GapRecord.Cause, now: Instant) {
        guard let known = self.sockets[socket] else { return }
        self.record([GapKey(from: known.caughtUp, to: now, cause: cause): Array(known.observed.keys)], .certain)
    }

    /// Messages of `socket` are being thrown away for want of room from now on, until `droppingEnded`.
    public mutating func droppingBegan(_ socket: SocketID) {
        guard let known = self.sockets[socket], known.droppingFrom == nil else { return }
        self.sockets[socket]?.droppingFrom = known.caughtUp
    }

    /// There is room again.
    public mutating func droppingEnded(_ socket: SocketID, now: Instant) {
        guard let known = self.sockets[socket], let from = known.droppingFrom else { return }
        self.sockets[socket]?.droppingFrom = nil
        self.record([GapKey(from: from, to: now, cause: .spoolFull): Array(known.observed.keys)], .certain)
    }

    /// Events sent between the two moments may have been taken for copies of others.
    public mutating func doubted(from: Instant, to: Instant, cause: GapRecord.Cause) {
        guard from < to else { return }
        self.record([GapKey(from: from, to: to, cause: cause): Array(self.topics.keys)])
    }
}

// MARK: - Reckoning

extension ChannelCoverage {
    /// How far a topic's unbroken coverage reaches, as far as it is proven.
    private func reach(of name: String, _ topic: Topic) -> Instant? {
        guard var reach = topic.settled else { return nil }
        // A few sockets: one may begin where another's proof ends.
        for _ in self.sockets {
            for socket in self.sockets.values {
                if let since = socket.observed[name], since <= reach { reach = max(reach, socket.caughtUp) }
            }
        }
        return reach
    }

    /// Records what has become a gap of these topics.
    private mutating func settle(_ names: [String]) {
        var groups: [GapKey: [String]] = [:]
        for name in names {
            guard var topic = self.topics[name] else { continue }
            let reach = self.reach(of: name, topic)
            if let until = topic.until, let reach, until <= reach {
                self.remove(name)
                continue
            }
            let since = self.sockets.values.compactMap { $0.observed[name] }
            // One that reaches back to what is settled may prove the rest yet.
            if let settled = topic.settled, since.contains(where: { $0 <= max(settled, reach ?? settled) }) { continue }
            guard let end = since.min() ?? topic.until else { continue }
            let to = min(end, topic.until ?? end)
            groups[GapKey(from: topic.settled, to: to, cause: topic.cause), default: []].append(name)
            topic.settled = to
            topic.isAnnounced = false
            if topic.until == to { self.remove(name) } else { self.topics[name] = topic }
        }
        self.record(groups)
    }

    /// A topic has come to its end. Where it is wanted again, sockets that bring it no more have to observe it anew.
    private mutating func remove(_ name: String) {
        self.topics[name] = nil
        for id in self.sockets.keys where self.sockets[id]?.ended.remove(name) != nil {
            self.sockets[id]?.observed[name] = nil
        }
    }

    private mutating func record(_ groups: [GapKey: [String]], _ certainty: GapRecord.Certainty = .possible) {
        let gaps = groups.map { key, names in
            ChannelGap(from: key.from, to: key.to, cause: key.cause, certainty: certainty, topics: names.sorted())
        }
        let start = Instant(nanoseconds: .min)
        self.pending += gaps.sorted { one, other in
            (one.from ?? start, one.topics.first ?? "") < (other.from ?? start, other.topics.first ?? "")
        }
    }
}
