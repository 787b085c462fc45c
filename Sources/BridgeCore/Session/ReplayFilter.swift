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
        var hashes: [UInt64] = []
        var position: Position?
    }

    /// Where an id stands: the message, counted from the first ever, and its place in it.
    private struct Place {
        var message: Int
        var index: Int
    }

    /// Events that are remembered, at most; one message may exceed it alone.
    public let eventCountMax: Int
    private var messages: Deque<Received> = []
    /// How many messages have left the window.
    private var forgotten = 0
    private var eventCount = 0
    private var places: [UInt64: Place] = [:]
    private var newestPosition: Position?
    /// What `newestPosition` was before the last message.
    private var positionBefore: Position?
    /// Received events that a new socket may still send again; nil where it has caught up.
    private var replay: Replay?

    private struct Replay {
        var remaining: Int
        var isCovered: Bool
        var hasSeenOne = false
    }

    /// A filter that knows no event.
    public init(eventCountMax: Int, resumeFrom position: Position?) {
        self.eventCountMax = max(0, eventCountMax)
        self.newestPosition = position
    }

    /// The next message comes from a new socket, which resumed behind `position`.
    public mutating func socketChanged(resumedFrom position: Position?) {
        guard position != self.newestPosition else {
            // An inclusive resume repeats the last message or a part of it, and has nothing else to catch up with.
            self.replay = nil
            return
        }
        var remaining = 0
        var isCovered = false
        for message in self.messages.reversed() {
            if let position, message.position == position {
                isCovered = true
                break
            }
            remaining += message.ends.count
        }
        self.replay = remaining > 0 ? Replay(remaining: remaining, isCovered: isCovered) : nil
    }

    /// Takes the repeated events out of a message's batches, and a position that lies behind what was received. Remembers the rest.
    /// Returns how many events it dropped.
    public mutating func filter(_ batches: inout [NotificationBatch]) -> Int {
        var dropped = 0
        var received = Received()
        for index in batches.indices {
            dropped += self.dropRepeated(&batches[index], into: &received)
        }
        let last = batches.count - 1
        guard last >= 0 else { return dropped }
        let hasFresh = batches.contains { !$0.events.isEmpty }
        self.noteReplay(dropped: dropped, hasFresh: hasFresh, position: batches[last].position)
        let isRepeated = dropped > 0 && !hasFresh && batches[last].position != self.newestPosition
        if self.replay != nil || isRepeated { batches[last].position = nil }
        received.position = batches[last].position
        self.positionBefore = self.newestPosition
        self.newestPosition = batches[last].position ?? self.newestPosition
        self.remember(received)
        return dropped
    }

    /// Of the last message only `admitted`, its first batches, were handed on, and its socket is being left: the rest comes again.
    public mutating func retract(keeping admitted: ArraySlice<NotificationBatch>) {
        guard let index = self.messages.indices.last else { return }
        let kept = admitted.reduce(0) { $0 + $1.events.count { !$0.idIsDerived && $0.id.count > 0 } }
        var message = self.messages[index]
        guard kept < message.ends.count || message.position == self.newestPosition else { return }
        let number = self.forgotten + index
        for hash in message.hashes[min(kept, message.hashes.count)...] where self.places[hash]?.message == number {
            self.places[hash] = nil
        }
        self.eventCount -= max(0, message.ends.count - kept)
        message.hashes.removeLast(max(0, message.hashes.count - kept))
        message.ends.removeLast(max(0, message.ends.count - kept))
        message.ids.removeLast(message.ids.count - (message.ends.last ?? 0))
        message.position = nil
        self.messages[index] = message
        self.newestPosition = self.positionBefore
    }

    /// What was received behind `position` is discarded: it comes again and must not be dropped.
    public mutating func discard(behind position: Position?) {
        while let last = self.messages.last, position == nil || last.position != position {
            self.forget(last, number: self.forgotten + self.messages.count - 1)
            self.messages.removeLast()
        }
        self.newestPosition = position
        self.replay = nil
    }

    private mutating func noteReplay(dropped: Int, hasFresh: Bool, position: Position?) {
        guard var replay = self.replay else { return }
        replay.remaining -= dropped
        let isPassed = hasFresh && (replay.isCovered || replay.hasSeenOne || dropped > 0)
        replay.hasSeenOne = replay.hasSeenOne || dropped > 0
        let isAtNewest = position != nil && position == self.newestPosition
        self.replay = replay.remaining <= 0 || isPassed || isAtNewest ? nil : replay
    }

    private mutating func dropRepeated(_ batch: inout NotificationBatch, into received: inout Received) -> Int {
        let before = batch.events.count
        let bytes = batch.bytes
        batch.events.removeAll { event in
            guard !event.idIsDerived, event.id.count > 0 else { return false }
            let hash = bytes.hash(event.id)
            if self.isKnown(event.id, of: bytes, hash: hash, in: received) { return true }
            bytes.append(event.id, to: &received.ids)
            received.ends.append(received.ids.count)
            received.hashes.append(hash)
            self.places[hash] = Place(message: self.forgotten + self.messages.count, index: received.ends.count - 1)
            return false
        }
        return before - batch.events.count
    }

    private func isKnown(_ id: ByteRange, of bytes: MessageBytes, hash: UInt64, in received: Received) -> Bool {
        guard let place = self.places[hash] else { return false }
        let index = place.message - self.forgotten
        let message = index < self.messages.count ? self.messages[index] : received
        let start = place.index == 0 ? 0 : message.ends[place.index - 1]
        return bytes.equals(id, message.ids[start..<message.ends[place.index]])
    }

    private mutating func remember(_ received: Received) {
        // A quiet stream's empty messages take one place together.
        if received.ends.isEmpty, let last = self.messages.indices.last, self.messages[last].ends.isEmpty {
            self.messages[last].position = received.position ?? self.messages[last].position
            return
        }
        self.messages.append(received)
        self.eventCount += received.ends.count
        while self.eventCount > self.eventCountMax, self.messages.count > 1, let first = self.messages.first {
            self.forget(first, number: self.forgotten)
            self.messages.removeFirst()
            self.forgotten += 1
        }
    }

    private mutating func forget(_ message: Received, number: Int) {
        for hash in message.hashes where self.places[hash]?.message == number {
            self.places[hash] = nil
        }
        self.eventCount -= message.ends.count
    }
}
