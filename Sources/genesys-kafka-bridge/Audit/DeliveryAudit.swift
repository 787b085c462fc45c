/// Compares what arrived in Kafka with what a source of numbered events owed: lost, duplicated, out of order per key.
///
/// - Receives: the records of the output topics, in the order of their partitions.
/// - Hands to: whoever asks, one result per tenant.
/// - Holds at most: one bit per event, the numbers of dead-lettered events, and the gap records.
struct DeliveryAudit {
    private struct Key {
        /// Bit n of word n/64: the key's event n was seen.
        var seen: [UInt64] = []
        /// The highest number that was seen.
        var newest = -1
        /// Events in the dead letters.
        var deadLettered: Set<Int> = []

        mutating func see(_ sequence: Int) -> Bool {
            let word = sequence / 64
            if word >= self.seen.count {
                self.seen.append(contentsOf: repeatElement(0, count: word + 1 - self.seen.count))
            }
            let bit = UInt64(1) << UInt64(sequence % 64)
            guard self.seen[word] & bit == 0 else { return false }
            self.seen[word] |= bit
            return true
        }

        func missing(in range: Range<Int>) -> [Int] {
            var missing: [Int] = []
            var sequence = range.lowerBound
            while sequence < range.upperBound {
                let word = sequence / 64 < self.seen.count ? self.seen[sequence / 64] : 0
                if word == .max {
                    sequence = (sequence / 64 + 1) * 64
                    continue
                }
                if word & (UInt64(1) << UInt64(sequence % 64)) == 0 { missing.append(sequence) }
                sequence += 1
            }
            return missing
        }
    }

    private struct Tenant {
        var keys: [[UInt8]: Key] = [:]
        var distinct = 0
        var duplicated = 0
        var outOfOrder = 0
        var deadLettered = 0
        var gaps: [GapNotice] = []
    }

    /// The simulator counts no further.
    private static let sequenceMax = 1 << 36

    private var tenants: [String: Tenant] = [:]
    /// Records that carry no number, and gap records that cannot be read: the audit cannot speak for them.
    private(set) var unreadable = 0
    /// Records that the broker dropped before they were read: the audit cannot speak for them either.
    private(set) var unread = 0

    /// A record of `tenant` with `event`.
    ///
    /// Out of order is an event that is seen for the first time after a later one of its key: a duplicate may repeat a suffix,
    /// it must not interleave.
    ///
    /// - Parameter isKeyed: false for a record without a key, whose order nobody promises.
    mutating func observe(tenant name: String, event: NumberedEvent, isKeyed: Bool) {
        guard event.keySequence < Self.sequenceMax else {
            self.unreadable += 1
            return
        }
        self.change(name) { tenant in
            var key = tenant.keys.removeValue(forKey: event.key) ?? Key()  // Changed in place, not copied.
            if key.see(event.keySequence) {
                tenant.distinct += 1
                if isKeyed, event.keySequence <= key.newest { tenant.outOfOrder += 1 }
            } else {
                tenant.duplicated += 1
            }
            if isKeyed { key.newest = max(key.newest, event.keySequence) }
            tenant.keys[event.key] = key
        }
    }

    /// A dead letter of `tenant` that holds `events`.
    mutating func observeDeadLetter(tenant name: String, events: [NumberedEvent]) {
        self.change(name) { tenant in
            for event in events
            where tenant.keys[event.key, default: Key()].deadLettered.insert(event.keySequence).inserted {
                tenant.deadLettered += 1
            }
        }
    }

    /// A gap record of `tenant`.
    mutating func observeGap(tenant name: String, _ notice: GapNotice) {
        self.change(name) { $0.gaps.append(notice) }
    }

    private mutating func change(_ name: String, _ body: (inout Tenant) -> Void) {
        var tenant = self.tenants.removeValue(forKey: name) ?? Tenant()
        body(&tenant)
        self.tenants[name] = tenant
    }

    /// Gap records and dead-lettered events of `tenant` seen so far.
    func notices(_ tenant: String) -> (gaps: Int, deadLettered: Int) {
        (self.tenants[tenant]?.gaps.count ?? 0, self.tenants[tenant]?.deadLettered ?? 0)
    }

    /// A record that nobody can read.
    mutating func observeUnreadable() {
        self.unreadable += 1
    }

    /// `count` records that were dropped before they were read.
    mutating func observeUnread(_ count: Int) {
        self.unread += count
    }

    /// Distinct events of `tenant` seen so far.
    func delivered(_ tenant: String) -> Int {
        self.tenants[tenant]?.distinct ?? 0
    }

    /// What became of the events that `owed` names.
    func result(_ owed: OwedEvents) -> AuditResult {
        let tenant = self.tenants[owed.tenant] ?? Tenant()
        var result = AuditResult(
            tenant: owed.tenant,
            gaps: tenant.gaps.count,
            duplicated: tenant.duplicated,
            outOfOrder: tenant.outOfOrder
        )
        for resource in owed.resources {
            let key = tenant.keys[Array(resource.key.utf8)] ?? Key()
            result.sent += resource.keySequences.count
            let missing = key.missing(in: resource.keySequences)
            result.delivered += resource.keySequences.count - missing.count
            var insideGaps = RangeSet<Int>()
            for skipped in resource.skipped where tenant.gaps.contains(where: { $0.covers(skipped, of: resource) }) {
                insideGaps.insert(contentsOf: skipped.keySequences)
            }
            for sequence in missing {
                if key.deadLettered.contains(sequence) {
                    result.deadLettered += 1
                } else if insideGaps.contains(sequence) {
                    result.insideGaps += 1
                } else {
                    result.lost += 1
                    result.firstLost = result.firstLost ?? "\(resource.event):\(resource.key) number \(sequence)"
                }
            }
        }
        return result
    }
}
