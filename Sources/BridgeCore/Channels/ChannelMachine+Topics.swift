// Changes of what is wanted, beside living sockets.

extension ChannelMachine {
    /// These topics are wanted from `now` on. No channel is made for that where there is one. New ones may have had events since
    /// `missedSince` already, where that is given.
    public mutating func topicsChanged(
        _ topics: [String],
        missedSince: Instant? = nil,
        now: Instant
    ) -> [ChannelAction] {
        guard topics != self.topics else { return [] }
        let wasEmpty = self.topics.isEmpty
        self.topics = topics
        self.coverage.want(topics, missedSince: missedSince, now: now)
        guard self.life == .running else { return [] }
        if topics.isEmpty { return self.dropAll(now: now) }
        if wasEmpty { return self.beginAll() }
        return self.reconcileAll(now: now)
    }

    /// What living sockets bring is made what is wanted, in one call for each.
    func living() -> [Place] {
        self.slots.indices.flatMap { slot in
            [(self.slots[slot].main, Role.main), (self.slots[slot].successor, Role.successor)]
                .filter { $0.0?.isLive == true }.map { Place(slot: slot, role: $0.1) }
        }
    }

    mutating func reconcileAll(now: Instant) -> [ChannelAction] {
        self.living().flatMap { self.reconcile($0, now: now) }
    }

    mutating func reconcile(_ place: Place, now: Instant) -> [ChannelAction] {
        var leg = self[place]
        guard leg.isLive, leg.update == nil else { return [] }
        let wanted = Set(self.topics)
        let isRevalidationDue = leg.revalidateAt.map { now >= $0 } ?? false
        let removed = leg.asked.subtracting(wanted)
        let added = self.topics.filter { topic in
            !leg.asked.contains(topic) || isRevalidationDue && leg.rejected[topic] != nil
        }
        if isRevalidationDue { leg.revalidateAt = nil }
        guard !removed.isEmpty || !added.isEmpty || leg.mustReplace else {
            self[place] = leg
            return []
        }
        let mode: SubscriptionMode = removed.isEmpty && !leg.mustReplace ? .add : .replace
        leg.update = .inFlight(added: added, removed: removed, mode: mode)
        self[place] = leg
        return [.subscribe(leg.id, topics: mode == .add ? added : self.topics, mode: mode)]
    }

    /// The server answered to a change.
    mutating func updated(
        _ place: Place,
        _ verdicts: [TopicVerdict],
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard case .inFlight(_, _, let mode) = self[place].update else { return [] }
        let before = self[place].accepted
        let named = Set(verdicts.map(\.topic))
        self[place].update = nil
        self[place].updateBackoff.reset()
        switch mode {
        case .add:
            self[place].asked.formUnion(named)
        case .replace:
            self[place].asked = named
            self[place].accepted.formIntersection(named)
            self[place].rejected = self[place].rejected.filter { named.contains($0.key) }
            self[place].mustReplace = false
        }
        self.note(verdicts, at: place, now: now)
        let after = self[place].accepted
        if let socket = self[place].socket {
            self[place].unheard.formUnion(after.subtracting(before))
            self[place].unheard.formIntersection(after)
            self.noLonger(before.subtracting(after), on: socket.id)
        }
        self.coverage.rejected(Array(self[place].rejected.keys))
        return self.reconcile(place, now: now)
    }

    /// The socket brings these topics no more. Those that are not wanted were observed to their end; those that are, are not observed at all.
    private mutating func noLonger(_ topics: Set<String>, on socket: SocketID) {
        guard !topics.isEmpty else { return }
        let wanted = topics.intersection(self.topics)
        self.coverage.unsubscribed(socket, Array(topics.subtracting(wanted)))
        if !wanted.isEmpty { self.coverage.lost(socket, Array(wanted), cause: .unsubscribed) }
    }

    /// Nobody knows whether the server has left these topics out: they are taken for unsubscribed, and the next change says all that is wanted.
    private mutating func doubt(_ removed: Set<String>, at place: Place) {
        let accepted = self[place].accepted.intersection(removed)
        self[place].mustReplace = true
        self[place].asked.subtract(removed)
        self[place].accepted.subtract(removed)
        self[place].unheard.subtract(removed)
        self[place].rejected = self[place].rejected.filter { !removed.contains($0.key) }
        if let socket = self[place].socket { self.noLonger(accepted, on: socket.id) }
    }

    /// The server did not take a change.
    mutating func updateFailed(
        _ place: Place,
        _ failure: ChannelFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard case .inFlight(let added, let removed, let mode) = self[place].update else { return [] }
        var delay = self[place].updateBackoff.nextDelay(random: &random)
        var actions: [ChannelAction] = []
        switch failure {
        case .refused(let reason):
            delay = max(delay, self.policy.revalidateInterval)
            for topic in added { self[place].rejected[topic] = reason }
            self.coverage.rejected(added)
        case .throttled(let seconds, _):
            delay = max(delay, .seconds(min(max(seconds ?? 0, 0), 3600)))
        case .unavailable:
            if mode == .replace { self.doubt(removed, at: place) }
        case .gone:
            self[place].mustBeFollowed = true
        case .unauthorized:
            self[place].mustBeFollowed = true
            self[place].needsNewToken = true
            if let serial = self[place].tokenSerial { actions.append(.markTokenBad(serial: serial)) }
        }
        self[place].update = .paused(until: now.advanced(by: delay))
        return actions + self.followWhereDue(now: now)
    }
}
