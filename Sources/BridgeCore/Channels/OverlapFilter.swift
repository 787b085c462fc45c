internal import DequeModule

/// Recognises copies of one event on several sockets of one topic set (C3, C4, C8), as a multiset: each event that one socket brings is owed
/// once by each other socket that is open, and what looks like it on such a socket pays for it. Copies on one socket are never matched with
/// each other: two identical bodies there are two events.
///
/// What is known of an event is its fingerprint, not its bytes. At the bounds, in number and in time, the oldest are forgotten: their copies
/// are then delivered as duplicates. Nothing is lost by that.
///
/// A socket does not bring what was sent before it observed: others have a head start. Until they have read everything that was sent before
/// this socket certainly observed, what they bring may never come on it, and what pays for such an event may be another one with the same
/// body. The elder socket will bring that one, too, and then it passes. Where the elder ends before that is proven, `doubt` says up to when
/// events may be missing; where it is to be closed, that waits until the head start is known (`isUndecided`), for only then can copies that come
/// later be told from events.
public struct OverlapFilter: Sendable {
    struct Member {
        var id: SocketID
        /// It brings nothing that was sent before this.
        var openedAt: Instant
        /// Everything that it brings was sent after this.
        var caughtUp: Instant
        /// Since when it certainly observes; nil: not yet.
        var observedSince: Instant?
        /// Events that others have a head start with.
        var headStartCount = 0
        /// Those of them of which it may have brought one that was taken for a copy although no other socket has brought it.
        var doubtCount = 0
        /// When it brought the last such one.
        var doubtAt: Instant?
        /// The sockets that have a head start; a bit for each.
        var sources: UInt8 = 0
        /// Nothing that it has not brought yet is to be relied on.
        var isLeaving = false
    }

    struct Key: Hashable {
        var event: EventFingerprint
        var socket: UInt8
    }

    private struct HandedOn {
        var event: EventFingerprint
        var at: Instant
    }

    /// Sockets at a time; what others bring passes.
    public static let socketCountMax = 8

    /// Events that are remembered, at most. 100 bytes each, with their place in the table.
    public let eventCountMax: Int
    /// An event is remembered for so long.
    public let window: Duration

    var members: [Member?] = Array(repeating: nil, count: Self.socketCountMax)
    private var open: UInt8 = 0
    /// A one in the lane of each open socket.
    private var openLanes = SIMD8<Int16>()
    var events: [EventFingerprint: LikeEvents] = [:]
    var headStarts: [Key: HeadStart] = [:]
    /// What was handed on, in this order, each until it is forgotten.
    private var handedOn: Deque<HandedOn> = []
    private var firstNumber = 0

    /// A filter with these bounds.
    public init(eventCountMax: Int = 100_000, window: Duration = .seconds(120)) {
        self.eventCountMax = max(eventCountMax, 1)
        self.window = window
    }

    /// Events that are remembered.
    public var rememberedCount: Int { self.handedOn.count }

    func index(of socket: SocketID) -> Int? {
        self.members.firstIndex { $0?.id == socket }
    }

    static func bit(_ index: Int) -> UInt8 { 1 << UInt8(index) }
}

// MARK: - Sockets

extension OverlapFilter {
    /// `socket` is being opened: it brings nothing that was sent before `now`.
    public mutating func opened(_ socket: SocketID, now: Instant) {
        guard self.index(of: socket) == nil, let index = self.members.firstIndex(where: { $0 == nil }) else { return }
        self.members[index] = Member(id: socket, openedAt: now, caughtUp: now)
        self.open |= Self.bit(index)
        self.openLanes[index] = 1
    }

    /// `socket` certainly observes from `now` on.
    public mutating func observing(_ socket: SocketID, now: Instant) {
        guard let index = self.index(of: socket), self.members[index]?.observedSince == nil else { return }
        self.members[index]?.observedSince = now
    }

    /// `socket` is lost or being closed: what it brings yet is looked at, and what it does not is not waited for. What others may have to bring
    /// or not passes from now on: better twice than never.
    public mutating func leaving(_ socket: SocketID) {
        guard let index = self.index(of: socket), self.members[index]?.isLeaving == false else { return }
        self.members[index]?.isLeaving = true
        self.endHeadStarts(of: index)
    }

    /// `socket` brings nothing any more. What others owe of its events they still do, but for those that they may never bring.
    public mutating func ended(_ socket: SocketID) {
        guard let index = self.index(of: socket) else { return }
        self.open &= ~Self.bit(index)
        self.openLanes[index] = 0
        self.leaving(socket)
        for key in self.headStarts.keys where Int(key.socket) == index { self.headStarts[key] = nil }
        self.members[index] = nil
        // Another socket may take the place.
        self.events = self.events.compactMapValues { known in
            var known = known
            known.owed[index] = 0
            known.headStarts &= ~Self.bit(index)
            return known.isSettled ? nil : known
        }
    }
}

// MARK: - Events

extension OverlapFilter {
    /// Removes copies from what `socket` brought. Returns how many.
    public mutating func filter(_ batch: inout ChannelBatch, from socket: SocketID, now: Instant) -> Int {
        self.expire(now: now)
        guard let index = self.index(of: socket) else { return 0 }
        // The usual case: one socket, and nothing to be recognised.
        guard self.open != Self.bit(index) || !self.events.isEmpty else { return 0 }
        return batch.removeAll { match, bytes in
            self.isCopy(EventFingerprint(match, in: bytes), from: index, now: now)
        }
    }

    /// Whether the event is a copy of one that another socket brought. What is none is remembered.
    public mutating func isCopy(_ event: EventFingerprint, from socket: SocketID, now: Instant) -> Bool {
        self.expire(now: now)
        guard let index = self.index(of: socket) else { return false }
        return self.isCopy(event, from: index, now: now)
    }

    private mutating func isCopy(_ event: EventFingerprint, from index: Int, now: Instant) -> Bool {
        let others = self.open & ~Self.bit(index)
        var known = self.events[event] ?? LikeEvents(first: self.firstNumber + self.handedOn.count)
        let isCopy = known.owed[index] > 0
        if known.headStarts & Self.bit(index) != 0 {
            self.changeHeadStart(event, &known, index) { headStart, owed in
                headStart.broughtAt = now
                if isCopy { owed -= 1 } else { headStart.handedOnAt = now }
            }
            self.noteDoubt(about: index, now: now)
        } else if isCopy {
            known.owed[index] -= 1
        }
        if !isCopy, others != 0 { self.handOn(event, &known, from: index, others: others, now: now) }
        self.events[event] = known.isSettled ? nil : known
        return isCopy
    }

    /// No other socket has brought it yet: each of them owes it from now on.
    private mutating func handOn(
        _ event: EventFingerprint,
        _ known: inout LikeEvents,
        from index: Int,
        others: UInt8,
        now: Instant
    ) {
        var lanes = self.openLanes
        lanes[index] = 0
        known.owed.replace(with: known.owed &+ lanes, where: known.owed .< Int16.max)
        known.count += 1
        let uncertain = self.mayNeverBring(others, what: index)
        if (uncertain | known.headStarts) & others != 0 {
            self.noteHeadStarts(event, &known, of: index, over: uncertain, others: others, now: now)
        }
        self.handedOn.append(HandedOn(event: event, at: now))
        if self.handedOn.count > self.eventCountMax { self.forgetOldest() }
    }

    private mutating func expire(now: Instant) {
        while let first = self.handedOn.first, first.at.advanced(by: self.window) <= now { self.forgetOldest() }
    }

    private mutating func forgetOldest() {
        guard let oldest = self.handedOn.popFirst() else { return }
        let number = self.firstNumber
        self.firstNumber += 1
        guard var known = self.events[oldest.event], known.first <= number else { return }
        known.count -= 1
        // The last ones are those that are still to come.
        let owedMax = Int16(clamping: known.count)
        for index in self.members.indices where known.headStarts & Self.bit(index) != 0 {
            self.changeHeadStart(oldest.event, &known, index) { headStart, owed in
                headStart.countMax -= min(headStart.countMax, max(0, Int(owed) - Int(owedMax)))
                owed = min(owed, owedMax)
            }
        }
        known.owed = pointwiseMin(known.owed, SIMD8(repeating: owedMax))
        self.events[oldest.event] = known.isSettled ? nil : known
    }
}
