// What an open socket brings.

extension ChannelMachine {
    /// Events came. What another socket brought already is taken out; the rest is to be handed on. Returns the number of copies, and what
    /// to do. To be called once `mayHandOn` says so.
    public mutating func received(
        _ batch: inout ChannelBatch,
        from id: SocketID,
        now: Instant
    ) -> (copies: Int, actions: [ChannelAction]) {
        if let parting = self.partings[id], parting.isCovered {
            return (batch.discardAll(), [])
        }
        let actions = self.heard(id, showsLife: true, now: now)
        let copies = self.overlap.filter(&batch, from: id, now: now)
        if copies > 0 { self.askForProofOfCopies(now: now) }
        return (copies, actions)
    }

    /// A control message came, and what came before it was handed on.
    public mutating func controlReceived(
        _ id: SocketID,
        _ control: ChannelControl,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        switch control {
        case .heartbeat:
            return self.heard(id, showsLife: true, now: now)
        case .pong:
            let actions = self.heard(id, showsLife: self.policy.pongMeansLive, now: now)
            return actions + self.ponged(id, now: now)
        case .subscribed, .unknown:
            return self.heard(id, showsLife: false, now: now)
        case .socketClosing:
            return self.heard(id, showsLife: false, now: now) + self.follow(id, withNewToken: false)
        case .tokenRevoked:
            guard let place = self.place(of: id) else { return [] }
            let marks = self[place].tokenSerial.map { [ChannelAction.markTokenBad(serial: $0)] } ?? []
            return marks + self.follow(id, withNewToken: true)
        case .noLongerSubscribed(let reason):
            return self.evicted(id, reason: reason, now: now, random: &random)
        case .channelGone:
            guard let place = self.place(of: id) else { return [] }
            let reason = "the server does not know the channel any more"
            return self.abandon(place, .trouble, reason: reason, atOnce: true, now: now, random: &random)
        }
    }

    /// A message that cannot be read came. It goes to the dead letters, and is a gap of whatever topic it was of.
    public mutating func unreadableReceived(_ id: SocketID, now: Instant) -> [ChannelAction] {
        let actions = self.heard(id, showsLife: false, now: now)
        self.coverage.missed(id, cause: .poison, now: now)
        return actions
    }

    /// Messages of the socket are thrown away from now on, for want of room (C2).
    public mutating func droppingBegan(_ id: SocketID) { self.coverage.droppingBegan(id) }

    /// There is room again: the gap is recorded.
    public mutating func droppingEnded(_ id: SocketID, now: Instant) { self.coverage.droppingEnded(id, now: now) }

    /// At `moment` everything that had arrived was read; whatever was read until then is handed on now. What the server sent may have been on
    /// its way for up to `silenceLimit`: longer, and the socket would have been given up. That does not hold of a socket that was held back
    /// meanwhile, which nobody watched. Weaker than a pong, and there where none come: a server that answers pings and now does not may have
    /// dropped more than the answer.
    public mutating func readerCaughtUp(_ id: SocketID, at moment: Instant, now: Instant) -> [ChannelAction] {
        guard !self.pongLimit.isAnswered, let place = self.place(of: id), let socket = self[place].socket,
            !socket.isHeldBack,
            moment >= socket.watchedSince.advanced(by: self.policy.silenceLimit)
        else { return [] }
        self.noteCaughtUp(id, through: moment.advanced(by: .zero - self.policy.silenceLimit), now: now)
        return self.closeCaughtUp(now: now)
    }

    /// The socket is not read from now on, for what was read waits for room.
    public mutating func heldBack(_ id: SocketID) {
        self.withSocket(id) { $0.isHeldBack = true }
    }

    /// It is read again: what is waiting in it deserves its full time to be seen.
    public mutating func released(_ id: SocketID, now: Instant) {
        self.withSocket(id) { socket in
            socket.isHeldBack = false
            socket.heardAt = now
            socket.watchedSince = now
        }
    }

    /// The process stood still up to now. What has arrived meanwhile deserves its full time to be seen, too.
    public mutating func stoodStill(now: Instant) {
        for id in self.slots.indices.flatMap({ self.sockets(of: $0) }) {
            self.withSocket(id) { socket in
                socket.heardAt = now
                socket.watchedSince = now
            }
        }
    }

    /// The socket is gone.
    public mutating func ended(
        _ id: SocketID,
        reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        if self.partings.removeValue(forKey: id) != nil {
            self.overlap.ended(id)
            return self.afterStopping()
        }
        guard let place = self.place(of: id), self[place].socket != nil else { return [] }
        let actions = self.socketLost(place, reason: reason, cause: .disconnect, now: now, random: &random)
        self.overlap.ended(id)
        return actions
    }
}

// MARK: - Inside

extension ChannelMachine {
    private mutating func withSocket(_ id: SocketID, _ body: (inout ChannelSocket) -> Void) {
        guard let place = self.place(of: id), var socket = self[place].socket else { return }
        body(&socket)
        self[place].socket = socket
    }

    /// Something came. `showsLife`: it is a heartbeat or an event, which only an observing socket brings.
    mutating func heard(_ id: SocketID, showsLife: Bool, now: Instant) -> [ChannelAction] {
        guard let place = self.place(of: id), var socket = self[place].socket else { return [] }
        socket.heardAt = now
        let becomesLive = showsLife && socket.liveSince == nil
        if becomesLive { socket.liveSince = now }
        self[place].socket = socket
        if becomesLive { return self.becameLive(place, now: now) }
        if showsLife, !self[place].unheard.isEmpty {
            self.coverage.observing(id, Array(self[place].unheard), now: now)
            self[place].unheard = []
        }
        return []
    }

    private mutating func ponged(_ id: SocketID, now: Instant) -> [ChannelAction] {
        var (sentAt, missingSince): (Instant?, Instant?)
        self.withSocket(id) {
            missingSince = $0.pongMissingSince
            sentAt = $0.ponged(now: now)
        }
        if let missingSince { self.pongLimit.answered(after: missingSince.duration(to: now)) }
        guard let sentAt else { return [] }
        self.noteCaughtUp(id, through: sentAt, now: now)
        self.askForProofOfCopies(now: now)
        return self.closeCaughtUp(now: now)
    }

    /// A proof that copies were copies is asked for soon, not in a ping's turn: what is to be closed waits for it, and what is lost before it came
    /// leaves a gap.
    private mutating func askForProofOfCopies(now: Instant) {
        for slot in self.slots.indices {
            for id in self.sockets(of: slot) where self.overlap.doubt(about: id) != nil || self.overlap.isUndecided(id)
            {
                self.withSocket(id) { $0.nextPingAt = min($0.nextPingAt, now.advanced(by: Self.proofInterval)) }
            }
        }
    }

    /// What others have brought up to now is to be proven soon: a loss of theirs then loses nothing that the new one does not bring.
    private mutating func askForProof(ofAllBut id: SocketID, now: Instant) {
        for slot in self.slots.indices {
            for other in self.sockets(of: slot) where other != id {
                self.withSocket(other) { $0.nextPingAt = min($0.nextPingAt, now) }
            }
        }
    }

    private mutating func noteCaughtUp(_ id: SocketID, through moment: Instant, now: Instant) {
        self.withSocket(id) { $0.caughtUpAt = max($0.caughtUpAt ?? moment, moment) }
        self.coverage.caughtUp(id, through: moment)
        self.overlap.caughtUp(id, through: moment)
        self.noteProven(id, now: now)
    }

    /// A socket was heard for the first time: it observes.
    private mutating func becameLive(_ place: Place, now: Instant) -> [ChannelAction] {
        var leg = self[place]
        guard let socket = leg.socket else { return [] }
        leg.rolloverAt = self.rolloverPoint(of: leg, slot: place.slot, now: now)
        leg.unheard = []
        self[place] = leg
        self.coverage.observing(socket.id, Array(leg.accepted), now: now)
        self.overlap.observing(socket.id, now: now)
        self.askForProof(ofAllBut: socket.id, now: now)
        var actions: [ChannelAction] = [.hostIsHealthy]
        guard place.role == .successor else { return actions + self.reconcile(place, now: now) }
        let slot = place.slot
        self.slots[slot].successor = nil
        self.slots[slot].pause = nil
        if let old = self.slots[slot].main {
            actions += self.retire(old, slot: slot, behind: leg.id, now: now)
        } else {
            actions += self.releasePlace(leg.id)
        }
        self.slots[slot].main = leg
        self.coverage.rejected(Array(leg.rejected.keys))
        return actions + self.reconcile(Place(slot: slot, role: .main), now: now)
    }

    /// When another channel has to follow: before the channel or its token ends. The second of two redundant ones goes first, so that they
    /// do not go together.
    private func rolloverPoint(of leg: ChannelLeg, slot: Int, now: Instant) -> Instant? {
        [leg.expiresAt, leg.tokenExpiresAt].compactMap(\.self).map { end in
            let margin = self.policy.rolloverMargin * (slot + 2) / 2
            let quarter = now.duration(to: end) / 4
            return end.advanced(by: .zero - min(margin, max(quarter, .zero)))
        }.min()
    }

    /// Somebody took the channel's subscriptions, or the channel (C6).
    private mutating func evicted(
        _ id: SocketID,
        reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].socket != nil else { return [] }
        let leg = self[place]
        let slot = place.slot
        var actions = self.part(leg, reason: "no longer subscribed", isCovered: false, cause: .eviction, now: now)
        switch place.role {
        case .retiring:
            return actions + self.retired(place)
        case .successor:
            self.slots[slot].successor = nil
            self.slots[slot].successorPause = self.evictionPause(reason: reason, now: now, random: &random)
            return actions + self.releasePlace(leg.id)
        case .main:
            self.slots[slot].main = nil
            // Its own follower may have taken them: that is no stranger.
            if self.slots[slot].successor?.hasSubscribed == true, let promoted = self.promote(slot) {
                return actions + promoted
            }
            if let successor = self.slots[slot].successor {
                actions += self.part(successor, reason: "evicted", isCovered: false, now: now)
                actions += self.releasePlace(successor.id)
                self.slots[slot].successor = nil
            }
            self.slots[slot].successorPause = nil
            self.slots[slot].pause = self.evictionPause(reason: reason, now: now, random: &random)
            return actions
        }
    }

    private mutating func evictionPause(
        reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> ChannelSlot.Pause {
        ChannelSlot.Pause(
            until: self.evictions.evicted(now: now, random: &random),
            tokenNewerThan: nil,
            kind: .eviction,
            reason: reason
        )
    }
}
