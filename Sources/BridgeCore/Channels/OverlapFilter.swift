internal import DequeModule

/// Recognises copies of one event on several sockets of one topic set (C3, C4, C8), as a multiset: each event that a socket brings is owed
/// once by each other socket that is open, and a copy on such a socket pays for one of them. Copies on one socket are never matched with each
/// other: two identical bodies there are two events.
///
/// What is known of an event is its fingerprint, not its bytes. At the bounds, in number and in time, the oldest are forgotten: their copies
/// are then delivered as duplicates. Nothing is lost by that.
///
/// A socket does not bring what was sent before it observed. Until the bringer has read everything that was sent before the other one
/// certainly observed, what it brings may never be owed: a copy that pays for such an event may be another event with the same body. The
/// bringer will bring that one, too, and then it passes, or is taken for a copy of a later one with the same body, and so on. Where it ends
/// before the last of them is proven, `doubt` says up to when events may be missing.
public struct OverlapFilter: Sendable {
    private struct Member {
        var id: SocketID
        /// Everything that it brings was sent after this.
        var caughtUp: Instant
        /// Since when it certainly observes; nil: not yet.
        var observedSince: Instant?
        /// When an event that only it may bring was last taken for a copy of one that it brought.
        var doubtAt: Instant?
    }

    private struct Entry {
        var fingerprint: EventFingerprint
        var at: Instant
        /// The sequence number of the entry before it with the same fingerprint; negative: none.
        var previous: Int
        var source: UInt8
        /// The sockets that owe a copy, a bit for each.
        var owed: UInt8
        /// Those of them that may never bring one.
        var uncertain: UInt8
        /// Those that paid although they might have owed nothing: the next event like this one is uncertain, too.
        var doubted: UInt8 = 0
    }

    /// Sockets at a time; what others bring passes.
    public static let socketCountMax = 8
    /// Entries with the same fingerprint that are looked at; behind them a copy passes.
    private static let stepsMax = 64

    /// Events that are remembered, at most. 80 bytes each, with their place in the table.
    public let eventCountMax: Int
    /// An event is remembered for so long.
    public let window: Duration

    private var members: [Member?] = Array(repeating: nil, count: Self.socketCountMax)
    private var open: UInt8 = 0
    private var entries: Deque<Entry> = []
    private var firstNumber = 0
    /// The newest entry of a fingerprint.
    private var newest: [EventFingerprint: Int] = [:]

    /// A filter with these bounds.
    public init(eventCountMax: Int = 100_000, window: Duration = .seconds(120)) {
        self.eventCountMax = max(eventCountMax, 1)
        self.window = window
    }

    /// Events that are remembered.
    public var rememberedCount: Int { self.entries.count }
}

// MARK: - Sockets

extension OverlapFilter {
    /// `socket` is being opened: it brings nothing that was sent before `now`.
    public mutating func opened(_ socket: SocketID, now: Instant) {
        guard self.index(of: socket) == nil, let index = self.members.firstIndex(where: { $0 == nil }) else { return }
        self.members[index] = Member(id: socket, caughtUp: now)
        self.open |= Self.bit(index)
    }

    /// `socket` certainly observes from `now` on.
    public mutating func observing(_ socket: SocketID, now: Instant) {
        guard let index = self.index(of: socket), self.members[index]?.observedSince == nil else { return }
        self.members[index]?.observedSince = now
    }

    /// Everything that was sent on `socket` before `moment` was read.
    public mutating func caughtUp(_ socket: SocketID, through moment: Instant) {
        guard let index = self.index(of: socket), var member = self.members[index] else { return }
        member.caughtUp = max(member.caughtUp, moment)
        if let doubt = member.doubtAt, doubt <= member.caughtUp { member.doubtAt = nil }
        self.members[index] = member
    }

    /// When an event was last taken for a copy without proof that it was one; nil: everything is proven.
    public func doubt(about socket: SocketID) -> Instant? {
        self.index(of: socket).flatMap { self.members[$0]?.doubtAt }
    }

    /// Sockets about which there is doubt.
    public var doubtful: [SocketID] {
        self.members.compactMap { member in member.flatMap { $0.doubtAt == nil ? nil : $0.id } }
    }

    /// `socket` brings nothing any more. What others owe of its events they still do, but for those that they may never bring.
    public mutating func ended(_ socket: SocketID) {
        guard let index = self.index(of: socket) else { return }
        let bit = Self.bit(index)
        self.members[index] = nil
        self.open &= ~bit
        for place in self.entries.indices {
            if self.entries[place].source == UInt8(index) {
                self.entries[place].owed &= ~self.entries[place].uncertain
                self.entries[place].doubted = 0
            }
            self.entries[place].owed &= ~bit
            self.entries[place].uncertain &= ~bit
            self.entries[place].doubted &= ~bit
            // Another socket may take the place.
            if self.entries[place].source == UInt8(index) { self.entries[place].source = .max }
        }
    }

    private func index(of socket: SocketID) -> Int? {
        self.members.firstIndex { $0?.id == socket }
    }

    private static func bit(_ index: Int) -> UInt8 { 1 << UInt8(index) }
}

// MARK: - Events

extension OverlapFilter {
    /// Removes copies from what `socket` brought. Returns how many.
    public mutating func filter(_ batch: inout ChannelBatch, from socket: SocketID, now: Instant) -> Int {
        self.expire(now: now)
        guard let index = self.index(of: socket) else { return 0 }
        // The usual case: one socket, and nothing to be recognised.
        guard self.open != Self.bit(index) || !self.entries.isEmpty else { return 0 }
        return batch.removeAll { match, bytes in
            self.isCopy(EventFingerprint(match, in: bytes), from: index, now: now)
        }
    }

    /// Whether the event is a copy of one that another socket brought. What is none is remembered.
    public mutating func isCopy(_ fingerprint: EventFingerprint, from socket: SocketID, now: Instant) -> Bool {
        self.expire(now: now)
        guard let index = self.index(of: socket) else { return false }
        return self.isCopy(fingerprint, from: index, now: now)
    }

    private mutating func isCopy(_ fingerprint: EventFingerprint, from index: Int, now: Instant) -> Bool {
        let bit = Self.bit(index)
        if let place = self.debt(fingerprint, of: bit) {
            self.entries[place].owed &= ~bit
            if self.entries[place].uncertain & bit != 0 {
                self.entries[place].uncertain &= ~bit
                self.entries[place].doubted |= bit
                let source = Int(self.entries[place].source)
                if source < self.members.count { self.members[source]?.doubtAt = now }
            } else {
                self.moveDoubt(fingerprint, of: index, to: self.entries[place].at)
            }
            self.trim(fingerprint)
            return true
        }
        let others = self.open & ~bit
        guard others != 0 else { return false }
        let uncertain = self.uncertain(others, for: index) | self.takeDoubts(fingerprint, source: index) & others
        let number = self.firstNumber + self.entries.count
        self.entries.append(
            Entry(
                fingerprint: fingerprint,
                at: now,
                previous: self.newest[fingerprint] ?? -1,
                source: UInt8(index),
                owed: others,
                uncertain: uncertain
            )
        )
        self.newest[fingerprint] = number
        if self.entries.count > self.eventCountMax { self.forgetOldest() }
        return false
    }

    /// The entry that a copy on a socket pays for: the newest that it certainly owes, else the newest that it may owe.
    private func debt(_ fingerprint: EventFingerprint, of bit: UInt8) -> Int? {
        var uncertain: Int?
        var number = self.newest[fingerprint] ?? -1
        for _ in 0..<Self.stepsMax where number >= self.firstNumber {
            let place = number - self.firstNumber
            let entry = self.entries[place]
            if entry.owed & bit != 0 {
                if entry.uncertain & bit == 0 { return place }
                uncertain = uncertain ?? place
            }
            number = entry.previous
        }
        return uncertain
    }

    /// Those of `others` that may never bring what the socket at `index` brings now.
    private func uncertain(_ others: UInt8, for index: Int) -> UInt8 {
        guard let caughtUp = self.members[index]?.caughtUp else { return others }
        var result: UInt8 = 0
        for other in self.members.indices where others & Self.bit(other) != 0 {
            let since = self.members[other]?.observedSince
            if since.map({ $0 > caughtUp }) ?? true { result |= Self.bit(other) }
        }
        return result
    }

    /// The sockets that paid for events of this one, like the one at hand, without owing them for certain. Each doubt is taken once.
    private mutating func takeDoubts(_ fingerprint: EventFingerprint, source: Int) -> UInt8 {
        var doubts: UInt8 = 0
        var number = self.newest[fingerprint] ?? -1
        for _ in 0..<Self.stepsMax where number >= self.firstNumber {
            let place = number - self.firstNumber
            if self.entries[place].source == UInt8(source) {
                let fresh = self.entries[place].doubted & ~doubts
                self.entries[place].doubted &= ~fresh
                doubts |= fresh
            }
            number = self.entries[place].previous
        }
        return doubts
    }

    /// The socket paid for an event of `moment`. Where one of its own like it was paid for in doubt, that event may be what it has brought now,
    /// and the one that it paid for is still to come: the doubt is about that one from now on.
    private mutating func moveDoubt(_ fingerprint: EventFingerprint, of index: Int, to moment: Instant) {
        guard let doubt = self.members[index]?.doubtAt, doubt < moment else { return }
        var number = self.newest[fingerprint] ?? -1
        for _ in 0..<Self.stepsMax where number >= self.firstNumber {
            let entry = self.entries[number - self.firstNumber]
            if entry.source == UInt8(index), entry.doubted != 0 {
                self.members[index]?.doubtAt = moment
                return
            }
            number = entry.previous
        }
    }

    /// Lets go of entries at the head of a chain that nobody can pay for any more.
    private mutating func trim(_ fingerprint: EventFingerprint) {
        guard var number = self.newest[fingerprint] else { return }
        while number >= self.firstNumber {
            let entry = self.entries[number - self.firstNumber]
            guard entry.owed == 0, entry.doubted == 0 else { break }
            number = entry.previous
        }
        self.newest[fingerprint] = number >= self.firstNumber ? number : nil
    }

    private mutating func expire(now: Instant) {
        while let first = self.entries.first, first.at.advanced(by: self.window) <= now { self.forgetOldest() }
    }

    private mutating func forgetOldest() {
        guard let first = self.entries.popFirst() else { return }
        if self.newest[first.fingerprint] == self.firstNumber { self.newest[first.fingerprint] = nil }
        self.firstNumber += 1
    }
}
