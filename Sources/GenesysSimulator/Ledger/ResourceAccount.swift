/// What one resource's events a client was offered: by sequence number, from the first stream that covered the resource and was read.
struct ResourceAccount: Equatable {
    private static let skippedCountMax = 1_000

    /// A stream that was the first to cover the resource, beside others that do not. A client reads one of them, and only what it does next
    /// tells which: what it never read of a resource that it had no stream for before, it is not owed.
    struct Trial: Equatable {
        /// The stream's connection.
        let connection: Int
        /// The connections of the others, and of those that came later without the resource.
        var others: Set<Int>
    }

    /// Nil before any stream covered it.
    private(set) var first: Int?
    /// One more than the last sequence number that was offered, whether it was about this resource or not.
    private(set) var next = 0
    /// Events that no stream offered, because the one that covered the resource again began behind them.
    private(set) var skipped: [Range<Int>] = []
    /// Nil where the first stream was read for certain.
    private(set) var trial: Trial?

    /// A stream covers it from `start` on.
    ///
    /// - Parameters:
    ///   - lost: the client said that it has what comes before this only, and could not have the rest.
    ///   - trial: it may be that nobody reads it; only the first stream's is noted.
    /// - Returns: what is skipped by it.
    mutating func opened(start: Int, lost: Int?, trial: Trial? = nil) -> Range<Int>? {
        guard let first = self.first else {
            self.first = start
            self.next = start
            self.trial = trial
            return nil
        }
        // What this stream offers again is not skipped.
        self.skipped = self.skipped.filter { $0.lowerBound < start }.map { $0.clamped(to: $0.lowerBound..<start) }
        if let lost { self.next = min(self.next, max(first, lost)) }
        guard start > self.next else { return nil }
        let range = self.next..<start
        self.next = start
        self.skip(range)
        return range
    }

    /// A stream came that does not cover it.
    mutating func passedOver(by connection: Int) {
        self.trial?.others.insert(connection)
    }

    /// The trial is over. A stream that was not read never was the first.
    mutating func judged(wasRead: Bool) {
        if wasRead { self.trial = nil } else { self = ResourceAccount() }
    }

    /// A stream that covers it has come to `sequence`.
    mutating func offered(to sequence: Int) {
        self.next = max(self.next, sequence)
    }

    /// The client goes on at `sequence` without this resource: what was offered of it behind that, it may not have.
    mutating func abandoned(at sequence: Int) {
        guard let first = self.first, max(first, sequence) < self.next else { return }
        self.skip(max(first, sequence)..<self.next)
    }

    mutating func skip(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = self.skipped.last, last.lowerBound <= range.upperBound, range.lowerBound <= last.upperBound {
            self.skipped.removeLast()
            let merged = min(last.lowerBound, range.lowerBound)..<max(last.upperBound, range.upperBound)
            return self.skipped.append(merged)
        }
        if self.skipped.count < Self.skippedCountMax { self.skipped.append(range) }
    }
}
