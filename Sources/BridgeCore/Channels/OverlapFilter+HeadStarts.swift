// What sockets that are opened beside others never bring, and what is proven of it.

extension OverlapFilter {
    /// Everything that was sent on `socket` before `moment` was read and handed on.
    public mutating func caughtUp(_ socket: SocketID, through moment: Instant) {
        guard let index = self.index(of: socket), var member = self.members[index] else { return }
        member.caughtUp = max(member.caughtUp, moment)
        self.members[index] = member
        for (key, headStart) in self.headStarts {
            guard var known = self.events[key.event] else { continue }
            if Int(key.socket) == index {
                guard headStart.handedOnAt < moment else { continue }
                // It has brought all of them that it will: what it owes still never comes.
                self.changeHeadStart(key.event, &known, index) { headStart, owed in
                    let count = min(Int(owed), headStart.countMax)
                    owed -= Int16(count)
                    headStart.countMax -= count
                }
            } else {
                guard headStart.broughtAt.map({ $0 <= moment }) ?? true, known.headStarts & Self.bit(index) == 0,
                    self.isElder(index, of: Int(key.socket)) || headStart.sources == Self.bit(index)
                else { continue }
                // It has brought all that the other one has, too: what that one brought was handed on.
                self.changeHeadStart(key.event, &known, Int(key.socket)) { headStart, owed in
                    headStart.countMax = min(headStart.countMax, Int(owed))
                }
            }
            self.events[key.event] = known.isSettled ? nil : known
        }
    }

    /// Whether it is not known yet which events `socket` has to bring as well: copies that it brings behind the end of the others would pass.
    public func isUndecided(_ socket: SocketID) -> Bool {
        self.index(of: socket).map { (self.members[$0]?.headStartCount ?? 0) > 0 } ?? false
    }

    /// When an event that only `socket` may bring was last taken for a copy of another; nil: everything is proven.
    public func doubt(about socket: SocketID) -> Instant? {
        guard let index = self.index(of: socket) else { return nil }
        return self.members.indices.compactMap { other in
            guard let member = self.members[other], let at = member.doubtAt, self.mayBring(index, for: other) else {
                return nil
            }
            // Another one will bring it as well.
            return self.members.indices.contains { $0 != index && self.isElder($0, of: other) } ? nil : at
        }
        .max()
    }

    /// Sockets that may have to bring yet what was taken for a copy.
    public var doubtful: [SocketID] {
        self.members.indices.compactMap { index in
            self.members.indices.contains { self.members[$0]?.doubtAt != nil && self.mayBring(index, for: $0) }
                ? self.members[index]?.id : nil
        }
    }

    /// Whether the first one brings everything that the second one does.
    private func isElder(_ index: Int, of other: Int) -> Bool {
        guard index != other, let one = self.members[index], let since = one.observedSince, !one.isLeaving else {
            return false
        }
        return self.members[other].map { since <= $0.openedAt } ?? false
    }

    private func mayBring(_ index: Int, for other: Int) -> Bool {
        self.isElder(index, of: other) || self.members[other].map { $0.sources & Self.bit(index) != 0 } ?? false
    }
}

// MARK: - Inside

extension OverlapFilter {
    /// Those of `others` that may never bring what the socket at `index` brings now.
    func mayNeverBring(_ others: UInt8, what index: Int) -> UInt8 {
        guard let caughtUp = self.members[index]?.caughtUp else { return others }
        var result: UInt8 = 0
        for other in self.members.indices where others & Self.bit(other) != 0 {
            if self.members[other]?.observedSince.map({ $0 > caughtUp }) ?? true { result |= Self.bit(other) }
        }
        return result
    }

    /// The socket at `index` brought what others owe now, and those of `uncertain` may never bring.
    mutating func noteHeadStarts(
        _ event: EventFingerprint,
        _ known: inout LikeEvents,
        of index: Int,
        over uncertain: UInt8,
        others: UInt8,
        now: Instant
    ) {
        let isLeaving = self.members[index]?.isLeaving == true
        for other in self.members.indices where (uncertain | known.headStarts) & others & Self.bit(other) != 0 {
            let isUncertain = uncertain & Self.bit(other) != 0
            if isUncertain, isLeaving {
                known.owed[other] -= 1
                continue
            }
            if known.headStarts & Self.bit(other) == 0 {
                known.headStarts |= Self.bit(other)
                self.headStarts[Key(event: event, socket: UInt8(other))] = HeadStart(handedOnAt: now)
                self.members[other]?.headStartCount += 1
            }
            if isUncertain { self.members[other]?.sources |= Self.bit(index) }
            // It is owed already.
            known.owed[other] -= 1
            self.changeHeadStart(event, &known, other) { headStart, owed in
                owed += 1
                headStart.handedOnAt = now
                guard isUncertain else { return }
                headStart.countMax += 1
                headStart.sources |= Self.bit(index)
            }
        }
    }

    /// Changes what is known of the head start that others have over the socket at `index`, and of the doubt that comes of it.
    mutating func changeHeadStart(
        _ event: EventFingerprint,
        _ known: inout LikeEvents,
        _ index: Int,
        _ change: (inout HeadStart, inout Int16) -> Void
    ) {
        let key = Key(event: event, socket: UInt8(index))
        guard var headStart = self.headStarts[key], var member = self.members[index] else { return }
        var owed = known.owed[index]
        if headStart.isDoubtful(owed: owed) { member.doubtCount -= 1 }
        change(&headStart, &owed)
        if headStart.isDoubtful(owed: owed) { member.doubtCount += 1 }
        known.owed[index] = owed
        if headStart.countMax == 0 {
            self.headStarts[key] = nil
            known.headStarts &= ~Self.bit(index)
            member.headStartCount -= 1
            if member.headStartCount == 0 { member.sources = 0 }
        } else {
            self.headStarts[key] = headStart
        }
        if member.doubtCount == 0 { member.doubtAt = nil }
        self.members[index] = member
    }

    /// The socket at `index` brought one of which there is a head start: where that makes doubt, it lasts until others have come so far.
    mutating func noteDoubt(about index: Int, now: Instant) {
        guard let member = self.members[index], member.doubtCount > 0 else { return }
        self.members[index]?.doubtAt = now
    }

    /// What the socket at `index` has not brought yet will not be waited for: where nobody else brings it, head starts are over.
    mutating func endHeadStarts(of index: Int) {
        for (key, headStart) in self.headStarts where Int(key.socket) != index {
            let other = Int(key.socket)
            guard var known = self.events[key.event] else { continue }
            let sources = headStart.sources & ~Self.bit(index)
            let hasElder = sources != 0 || self.members.indices.contains { self.isElder($0, of: other) }
            self.changeHeadStart(key.event, &known, other) { headStart, owed in
                headStart.sources = sources
                guard !hasElder else { return }
                // It may have been the only one that brought it.
                owed = Int16(max(0, Int(owed) - headStart.countMax))
                headStart.countMax = 0
            }
            self.events[key.event] = known.isSettled ? nil : known
        }
        for other in self.members.indices { self.members[other]?.sources &= ~Self.bit(index) }
    }
}
