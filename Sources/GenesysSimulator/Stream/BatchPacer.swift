import NIOCore

/// When a stream sends which events: a batch when it is full, and whatever there is (perhaps nothing) at the latency.
struct BatchPacer {
    enum Action: Equatable {
        /// Send the events of these sequence numbers that the stream is subscribed to; there may be none.
        case send(Range<Int>)
        /// Nothing yet: ask again when there is an event `sequence`, and at `deadline` at the latest.
        case wait(sequence: Int, deadline: NIODeadline)
    }

    private let batchSizeMax: Int
    private let latency: TimeAmount
    /// The first sequence number of the next batch.
    private(set) var next: Int
    /// Up to here the log was searched, and this many events were found.
    private var searched: Int
    private var found = 0
    private var deadline: NIODeadline

    init(start: Int, batchSizeMax: Int, latency: TimeAmount, now: NIODeadline) {
        self.next = start
        self.searched = start
        self.batchSizeMax = batchSizeMax
        self.latency = latency
        self.deadline = now + latency
    }

    /// - Parameters:
    ///   - end: one more than the highest sequence number that exists.
    ///   - matches: whether the stream is subscribed to an event; nil when it is to all.
    mutating func action(end: Int, now: NIODeadline, matches: ((Int) -> Bool)?) -> Action {
        self.search(end: end, matches: matches)
        guard self.found == self.batchSizeMax || now >= self.deadline else {
            return .wait(sequence: self.searched + self.batchSizeMax - self.found - 1, deadline: self.deadline)
        }
        let batch = self.next..<self.searched
        self.next = self.searched
        self.found = 0
        self.deadline = now + self.latency
        return .send(batch)
    }

    /// Other events match from now on.
    mutating func searchAgain() {
        self.searched = self.next
        self.found = 0
    }

    private mutating func search(end: Int, matches: ((Int) -> Bool)?) {
        guard let matches else {
            let more = min(self.batchSizeMax - self.found, max(0, end - self.searched))
            self.searched += more
            self.found += more
            return
        }
        while self.found < self.batchSizeMax, self.searched < end {
            if matches(self.searched) { self.found += 1 }
            self.searched += 1
        }
    }
}
