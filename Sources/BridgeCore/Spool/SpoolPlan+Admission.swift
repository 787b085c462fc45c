internal import DequeModule

extension SpoolPlan {
    /// Bytes that are never given to an item: for the beginning and the end of a loss, and for the headers of the segments that what gathers
    /// may begin.
    private var reservedBytes: Int {
        let segments = 2 + 2 * self.gatheringBytes / self.policy.segmentBytes
        return 2 * SpoolFrame.lossByteCount + segments * SpoolSegmentHeader.byteCount
    }

    private func hasRoom(for item: Item) -> Bool {
        let ending = self.loss == nil ? 0 : SpoolFrame.lossByteCount
        return self.byteCount + ending + item.byteCount + self.reservedBytes <= self.policy.bytesMax
    }

    private func isPaused(_ now: Instant) -> Bool { self.pausedUntil.map { now < $0 } ?? false }

    /// Takes an item, if the policy and the room allow it.
    public mutating func offer(_ item: Item, now: Instant) -> Admission {
        // It would wait for ever.
        guard item.byteCount <= self.policy.entryBytesMax else { return self.drop(item, now: now) }
        let canGather = self.waiting.isEmpty && !self.isPaused(now) && self.hasRoom(for: item)
        switch self.policy.whenFull {
        case .dropNewest:
            guard canGather else { return self.drop(item, now: now) }
        case .block:
            guard canGather else {
                self.waiting.append(item)
                return .waits
            }
        }
        self.gather(item)
        return .gathered
    }

    /// Takes back an item that waits: nobody waits for it any more. Returns whether it did wait.
    public mutating func withdraw(_ id: UInt64) -> Bool {
        guard let index = self.waiting.firstIndex(where: { $0.id == id }) else { return false }
        self.waiting.remove(at: index)
        return true
    }

    /// Lets in what waits, as far as there is room.
    mutating func admitWaiting(now: Instant) {
        while let item = self.waiting.first, !self.isPaused(now), self.hasRoom(for: item) {
            self.waiting.removeFirst()
            self.gather(item)
        }
    }

    private mutating func gather(_ item: Item) {
        // What is missing ends where something is there again. A mark may speak of an earlier moment than the one when something was dropped.
        if let loss = self.loss.take() {
            self.append(
                .loss(
                    SpoolLoss(
                        cause: loss.cause,
                        fromMilliseconds: loss.fromMilliseconds,
                        toMilliseconds: max(item.milliseconds, loss.untilMilliseconds),
                        events: loss.events,
                        bytes: loss.bytes
                    )
                )
            )
        }
        if item.isMark { self.admittedMark = max(item.milliseconds, self.admittedMark ?? item.milliseconds) }
        self.append(.item(item))
    }

    private mutating func append(_ part: Part) {
        self.gathering.append(part)
        self.gatheringBytes += part.byteCount
    }

    private mutating func drop(_ item: Item, now: Instant) -> Admission {
        // Nothing to account for: without a mark a later gap begins earlier.
        guard !item.isMark, item.events > 0 else { return .dropped }
        self.account(for: item, cause: .full)
        // The room for it is kept, but a disk that is full has none: then it is told with the end.
        if let loss = self.loss, !loss.isAnnounced, !self.isPaused(now) {
            self.loss?.isAnnounced = true
            self.append(
                .loss(
                    SpoolLoss(
                        cause: loss.cause,
                        fromMilliseconds: loss.fromMilliseconds,
                        toMilliseconds: nil,
                        events: 0,
                        bytes: 0
                    )
                )
            )
        }
        return .dropped
    }

    private mutating func account(for item: Item, cause: SpoolLoss.Cause) {
        var loss = self.loss ?? OpenLoss(cause: cause, fromMilliseconds: self.admittedMark)
        loss.untilMilliseconds = max(loss.untilMilliseconds, item.milliseconds + 1)
        loss.events += UInt64(item.events)
        loss.bytes += UInt64(item.byteCount)
        self.loss = loss
    }

    /// Turns parts that cannot be written, and everything that gathers behind them, into one open loss. Returns the items' numbers.
    mutating func lose(_ parts: [Part], cause: SpoolLoss.Cause) -> [UInt64] {
        let lost = parts + self.gathering
        self.gathering = []
        self.gatheringBytes = 0
        var ids: [UInt64] = []
        var newest = self.loss
        // From the durable mark on: those behind it are lost with the rest.
        self.loss = OpenLoss(cause: cause, fromMilliseconds: self.coveredUntilMilliseconds)
        self.admittedMark = self.coveredUntilMilliseconds
        func add(_ events: UInt64, _ bytes: UInt64, until milliseconds: Int64) {
            let until = self.loss?.untilMilliseconds ?? .min
            self.loss?.untilMilliseconds = max(until, milliseconds)
            self.loss?.events += events
            self.loss?.bytes += bytes
        }
        for part in lost {
            switch part {
            case .item(let item):
                ids.append(item.id)
                if !item.isMark, item.events > 0 { self.account(for: item, cause: cause) }
            case .loss(let loss): add(loss.events, loss.bytes, until: loss.toMilliseconds ?? .min)
            }
        }
        if let loss = newest.take() { add(loss.events, loss.bytes, until: loss.untilMilliseconds) }
        // Only marks: nothing is missing.
        if self.loss?.events == 0 { self.loss = nil }
        return ids
    }
}
