internal import DequeModule

/// Recognises what a server sends again (S4.8, S4.9): events of a bounded window by their ids, and positions that lie behind what was
/// received, which must not become a resume point (`position-monotonic`). Reads no position but for equality.
///
/// An event is dropped only where its id is that of one which is still held here or was acknowledged, byte for byte. An event without an
/// id of its own is never dropped.
public struct ReplayFilter: Sendable {
    /// A message that was received: the ids of its events, one behind the other, and its position.
    private struct Received {
        var ids: [UInt8] = []
        var ends: [Int] = []
        /// Events in front of them that are older than the window, and not remembered.
        var olderCount = 0
        /// Events without ids of their own, behind the last one that has one.
        var anonymousBehind = 0
        var position: Position?
        /// Positions of empty messages that share this place, before its own, the oldest first.
        var positionsBefore: [Position] = []

        var eventCount: Int { self.ends.count + self.anonymousBehind }

        func stands(at position: Position) -> Bool {
            self.position == position || self.positionsBefore.contains(position)
        }
    }

    /// What is known of a message once its repeated events are taken out.
    private struct Scan {
        var received = Received()
        var dropped = 0
        /// How many of those a replay waits for.
        var awaited = 0
        /// Whether the last event that has an id is fresh; false where there is none.
        var isLastFresh = false
    }

    /// What a new socket sends again before it has caught up.
    private struct Replay {
        /// Events that are known by their ids.
        var remaining: Int
        /// Events without ids, behind the last of those.
        var anonymousRemaining: Int
        /// Where it resumed: an inclusive resume repeats what lies before, which may have left the window.
        let position: Position
        /// The first message that is repeated.
        var firstMessage: Int
        /// Whether the window reaches back to where the socket resumed: before it nothing is sent again that is not known.
        var isCovered: Bool
        /// Whether the socket asks for what the one before did not: then a fresh event does not mean that it has caught up.
        var bringsMore: Bool
        var hasSeenOne = false
    }

    /// Events that are remembered, at most; one message may exceed it alone.
    public let eventCountMax: Int
    private var messages: Deque<Received> = []
    /// How many messages have left the window.
    private var forgotten = 0
    private var eventCount = 0
    /// How many of the events have ids.
    private var idCount = 0
    private var places = EventPlaces()
    private var newestPosition: Position?
    /// What `newestPosition` was before the last message.
    private var positionBefore: Position?
    /// Nil where the socket has caught up.
    private var replay: Replay?

    /// Positions of a quiet stream's empty messages that are remembered, at most: a rollover resumes behind one of the newest.
    private static let positionsBeforeMax = 256
    /// A UUID as text.
    private static let usualIDBytes = 36
    /// Messages that are kept because no other one has an event with an id, at most.
    private static let messagesBehindMax = 64

    /// A filter that knows the events up to `position` that `eventIDs` names, the oldest first.
    public init(eventCountMax: Int, resumeFrom position: Position?, eventIDs: [String] = []) {
        self.eventCountMax = max(0, eventCountMax)
        self.newestPosition = position
        self.know(eventIDs)
    }

    /// One message at the newest position, of those events of `eventIDs` that are not known: what a resume from there repeats of it is
    /// dropped, wherever its parts came from.
    private mutating func know(_ eventIDs: [String]) {
        var known = Received()
        for id in eventIDs {
            let bytes = MessageBytes(Array(id.utf8))
            let range = ByteRange(offset: 0, length: UInt32(bytes.count))
            let hash = bytes.hash(range)
            guard self.place(of: range, hash, in: bytes, or: known) == nil else { continue }
            bytes.append(range, to: &known.ids)
            known.ends.append(known.ids.count)
            let place = EventPlaces.Place(
                message: self.forgotten + self.messages.count,
                index: known.ends.count - 1
            )
            self.places.insert(hash, place, oldest: self.forgotten)
        }
        guard !known.ends.isEmpty else { return }
        known.position = self.newestPosition
        self.eventCount += known.eventCount
        self.idCount += known.ends.count
        self.messages.append(known)
    }

    /// The next message comes from a new socket, which resumed behind `position`, or at the server's present where it is nil. Where it
    /// `bringsMore`, asking for what the one before did not, an event that was never received does not mean that it has caught up.
    public mutating func socketChanged(resumedFrom position: Position?, bringsMore: Bool = false) {
        // An inclusive resume repeats the last message or a part of it, and has nothing else to catch up with; the present repeats nothing.
        self.replay = nil
        guard let position, position != self.newestPosition else { return }
        var replay = Replay(
            remaining: 0,
            anonymousRemaining: 0,
            position: position,
            firstMessage: self.forgotten + self.messages.count,
            isCovered: false,
            bringsMore: bringsMore
        )
        for message in self.messages.reversed() {
            replay.isCovered = message.stands(at: position)
            if replay.isCovered { break }
            if replay.remaining == 0 { replay.anonymousRemaining += message.anonymousBehind }
            replay.remaining += message.ends.count
            replay.firstMessage -= 1
        }
        if replay.remaining + replay.anonymousRemaining > 0 { self.replay = replay }
    }

    /// Takes the repeated events out of a message's batches, and a position that lies behind what was received. Remembers the rest.
    /// Returns how many events it dropped.
    public mutating func filter(_ batches: inout [NotificationBatch]) -> Int {
        var scan = Scan()
        for index in batches.indices { self.dropRepeated(&batches[index], into: &scan) }
        let last = batches.count - 1
        guard last >= 0 else { return scan.dropped }
        if !self.isBeyond(scan, position: batches[last].position) { batches[last].position = nil }
        scan.received.position = batches[last].position
        self.positionBefore = self.newestPosition
        self.newestPosition = batches[last].position ?? self.newestPosition
        self.remember(scan.received)
        return scan.dropped
    }

    /// Of the last message only `admitted`, its first batches, were handed on, and its socket is being left: the rest comes again.
    public mutating func retract(keeping admitted: ArraySlice<NotificationBatch>) {
        guard let index = self.messages.indices.last else { return }
        var message = self.messages[index]
        let admitted = admitted.reduce(0) { $0 + $1.events.count { !$0.idIsDerived && $0.id.count > 0 } }
        let kept = max(0, admitted - message.olderCount)
        guard kept < message.ends.count || message.position == self.newestPosition else { return }
        self.places.remove(from: self.forgotten + index, index: kept)
        self.eventCount -= message.eventCount
        self.idCount -= message.ends.count
        message.ends.removeLast(max(0, message.ends.count - kept))
        message.ids.removeLast(message.ids.count - (message.ends.last ?? 0))
        message.anonymousBehind = 0
        message.position = message.positionsBefore.popLast()
        self.eventCount += message.eventCount
        self.idCount += message.ends.count
        self.messages[index] = message
        self.newestPosition = self.positionBefore
    }

    /// What was received behind `position` is discarded: it comes again and must not be dropped, but for those events of `committed` that
    /// are committed all the same: without a position of their own, or in front of the rest of their message.
    public mutating func discard(behind position: Position?, keeping committed: [String] = []) {
        while let last = self.messages.last {
            if let position, last.stands(at: position) { break }
            self.forget(last)
            self.messages.removeLast()
        }
        self.places.remove(from: self.forgotten + self.messages.count, index: 0)
        if let index = self.messages.indices.last, self.messages[index].position != position {
            // Only an empty message has several: those behind the discarded ones are discarded too.
            let before = self.messages[index].positionsBefore
            self.messages[index].positionsBefore = Array(before.prefix { $0 != position })
            self.messages[index].position = position
        }
        self.newestPosition = position
        self.replay = nil
        self.know(committed)
    }

    /// Whether the message's position lies at or behind everything that was received; a replay that has caught up is over.
    private mutating func isBeyond(_ scan: Scan, position: Position?) -> Bool {
        let isAtNewest = position != nil && position == self.newestPosition
        guard var replay = self.replay else { return scan.dropped == 0 || scan.isLastFresh || isAtNewest }
        replay.remaining -= scan.awaited
        replay.hasSeenOne = replay.hasSeenOne || scan.awaited > 0
        if replay.remaining <= 0 { replay.anonymousRemaining -= scan.received.anonymousBehind }
        // What the window knows are the last events that were received: a fresh one behind one of them is behind all of them.
        let isPassed =
            scan.isLastFresh && !replay.bringsMore && (replay.isCovered || replay.hasSeenOne)
            && position != replay.position
            || replay.remaining <= 0 && replay.anonymousRemaining < 0
        let isOver = isPassed || isAtNewest || replay.remaining <= 0 && replay.anonymousRemaining <= 0
        self.replay = isOver ? nil : replay
        return isPassed || isAtNewest
    }

    private mutating func dropRepeated(_ batch: inout NotificationBatch, into scan: inout Scan) {
        let bytes = batch.bytes
        scan.received.ids.reserveCapacity(scan.received.ids.count + batch.events.count * Self.usualIDBytes)
        scan.received.ends.reserveCapacity(scan.received.ends.count + batch.events.count)
        batch.events.removeAll { event in
            guard !event.idIsDerived, event.id.count > 0 else {
                scan.received.anonymousBehind += 1
                return false
            }
            scan.received.anonymousBehind = 0
            let hash = bytes.hash(event.id)
            if let place = self.place(of: event.id, hash, in: bytes, or: scan.received) {
                scan.dropped += 1
                if let replay = self.replay, place.message >= replay.firstMessage { scan.awaited += 1 }
                scan.isLastFresh = false
                return true
            }
            scan.isLastFresh = true
            if let replay = self.replay, !replay.isCovered, !replay.hasSeenOne, scan.awaited == 0 {
                // It is older than the window: remembered, it would push out what is still to come again.
                scan.received.olderCount += 1
                return false
            }
            bytes.append(event.id, to: &scan.received.ids)
            scan.received.ends.append(scan.received.ids.count)
            self.places.insert(
                hash,
                .init(message: self.forgotten + self.messages.count, index: scan.received.ends.count - 1),
                oldest: self.forgotten
            )
            return false
        }
    }

    /// Where the event with this id stands, in the window or in the message that is being `received`.
    private func place(
        of id: ByteRange,
        _ hash: UInt64,
        in bytes: MessageBytes,
        or received: Received
    ) -> EventPlaces.Place? {
        var search = self.places.search(hash)
        while let place = self.places.next(&search, from: self.forgotten) {
            // Here alone anything is copied, and few events come here.
            if self.stands(id, of: bytes, at: place, or: received) { return place }
        }
        return nil
    }

    /// Whether the id at `place`, in the window or in the message that is being `received`, is this one, byte for byte.
    private func stands(
        _ id: ByteRange,
        of bytes: MessageBytes,
        at place: EventPlaces.Place,
        or received: Received
    ) -> Bool {
        let index = place.message - self.forgotten
        let message = index < self.messages.count ? self.messages[index] : received
        let start = place.index == 0 ? 0 : message.ends[place.index - 1]
        return bytes.equals(id, message.ids[start..<message.ends[place.index]])
    }

    private mutating func remember(_ received: Received) {
        var received = received
        // What a replay repeats is remembered already.
        if self.replay != nil { received.anonymousBehind = 0 }
        // A quiet stream's empty messages take one place together.
        if received.eventCount == 0, let last = self.messages.indices.last, self.messages[last].eventCount == 0 {
            guard let position = received.position, position != self.messages[last].position else { return }
            if let before = self.messages[last].position { self.messages[last].positionsBefore.append(before) }
            if self.messages[last].positionsBefore.count > Self.positionsBeforeMax {
                self.messages[last].positionsBefore.removeFirst()
            }
            self.messages[last].position = position
            return
        }
        self.messages.append(received)
        self.eventCount += received.eventCount
        self.idCount += received.ends.count
        while self.eventCount > self.eventCountMax, self.messages.count > 1, let first = self.messages.first {
            // Without any event that has an id nobody could tell what a new socket repeats.
            let isLastWithID = !first.ends.isEmpty && self.idCount == first.ends.count
            if isLastWithID, self.messages.count <= Self.messagesBehindMax { break }
            self.forget(first)
            self.messages.removeFirst()
            self.forgotten += 1
        }
    }

    private mutating func forget(_ message: Received) {
        self.eventCount -= message.eventCount
        self.idCount -= message.ends.count
    }
}
