internal import DequeModule

/// The bounded hand-off of one stream: first in, first out, bounded in bytes and batches **from admission to release**, so that
/// one number covers what is queued and what is in flight to Kafka (`bounded-bytes`). What is acknowledged and not yet committed is
/// bounded with it: both together never exceed twice the batches, so a slow commit holds the socket back as a full queue does, and a
/// crash repeats no more than that.
///
/// - Receives: batches from the ingestion of one socket.
/// - Hands to: the delivery of the same stream.
/// - Holds at most: `limits`; a batch larger than the whole limit passes only alone, so that nothing waits for ever.
public struct BoundedQueue<Batch> {
    /// How much may be held.
    public struct Limits: Hashable, Sendable {
        /// Bytes between admission and release.
        public var bytes: Int
        /// Batches between admission and release; and between admission and commit, twice as many.
        public var batches: Int

        /// So many bytes and batches.
        public init(bytes: Int, batches: Int) {
            self.bytes = bytes
            self.batches = batches
        }
    }

    /// One place in the queue.
    public enum Element {
        /// A batch, already counted.
        case batch(Batch)
        /// Everything before it has been handed on. Takes no room.
        case fence
    }

    /// How much may be held.
    public var limits: Limits
    /// Bytes admitted and not released.
    public private(set) var heldBytes = 0
    /// Batches admitted and not released.
    public private(set) var heldBatches = 0
    /// Batches released whose position is on its way into the store.
    public private(set) var uncommittedBatches = 0
    private var elements: Deque<(element: Element, heldBytes: Int)> = []

    /// An empty queue.
    public init(limits: Limits) {
        self.limits = limits
    }

    /// Whether nothing is queued. What is in flight does not count.
    public var isEmpty: Bool { self.elements.isEmpty }

    /// Whether a batch of `heldBytes` would be admitted now.
    public func hasRoom(forBytes bytes: Int) -> Bool {
        // Without a position on its way there is no commit to wait for: the pieces of one message may be many.
        let awaitsCommit = self.uncommittedBatches > 0
        if awaitsCommit, self.heldBatches + self.uncommittedBatches >= 2 * self.limits.batches { return false }
        if self.heldBatches == 0 { return true }
        return self.heldBatches < self.limits.batches && self.heldBytes + bytes <= self.limits.bytes
    }

    /// Admits `batch` if there is room.
    public mutating func offer(_ batch: Batch, heldBytes bytes: Int) -> Bool {
        guard self.hasRoom(forBytes: bytes) else { return false }
        self.heldBytes += bytes
        self.heldBatches += 1
        self.elements.append((.batch(batch), bytes))
        return true
    }

    /// Puts a fence behind what is queued.
    public mutating func fence() {
        self.elements.append((.fence, 0))
    }

    /// The oldest element; its room stays taken until it is released.
    public mutating func next() -> Element? {
        self.elements.popFirst()?.element
    }

    /// Gives back room: bytes when a batch is reported, its place when its position is settled. `uncommitted` batches count from now
    /// on until `committed(batches:)`.
    public mutating func release(bytes: Int, batches: Int, uncommitted: Int = 0) {
        precondition(bytes <= self.heldBytes && batches <= self.heldBatches, "released more than was admitted")
        self.heldBytes -= bytes
        self.heldBatches -= batches
        self.uncommittedBatches += uncommitted
    }

    /// So many batches' position is durable.
    public mutating func committed(batches: Int) {
        precondition(batches <= self.uncommittedBatches, "committed more than was acknowledged")
        self.uncommittedBatches -= batches
    }

    /// Drops every queued batch and gives back its room; fences stay. Returns how many batches were dropped.
    public mutating func discard() -> Int {
        var dropped = 0
        var fences = 0
        for (element, bytes) in self.elements {
            switch element {
            case .batch:
                self.release(bytes: bytes, batches: 1)
                dropped += 1
            case .fence:
                fences += 1
            }
        }
        self.elements.removeAll()
        for _ in 0..<fences { self.fence() }
        return dropped
    }
}

extension BoundedQueue: Sendable where Batch: Sendable {}
extension BoundedQueue.Element: Sendable where Batch: Sendable {}
