/// Compares what arrived in Kafka with what a source of dense sequence numbers sent: lost, duplicated, out of order per key.
///
/// - Receives: the records of the output topics, in the order of their partitions.
/// - Hands to: whoever asks, one result per tenant.
/// - Holds at most: one bit per event, one number per key, and the numbers of dead-lettered events.
struct DeliveryAudit {
    private struct Tenant {
        /// Bit n of word n/64: sequence n was seen.
        var seen: [UInt64] = []
        var distinct = 0
        var duplicated = 0
        var outOfOrder = 0
        /// The highest sequence that each key has shown.
        var newestByKey: [[UInt8]: Int] = [:]
        /// Sequences in the dead letters.
        var deadLettered: Set<Int> = []
        /// Records in the gap topic.
        var gaps = 0

        mutating func see(_ sequence: Int) -> Bool {
            let word = sequence / 64
            if word >= self.seen.count {
                self.seen.append(contentsOf: repeatElement(0, count: word + 1 - self.seen.count))
            }
            let bit = UInt64(1) << UInt64(sequence % 64)
            guard self.seen[word] & bit == 0 else { return false }
            self.seen[word] |= bit
            self.distinct += 1
            return true
        }

        func missing(in range: Range<Int>) -> [Int] {
            range.filter { sequence in
                let word = sequence / 64
                return word >= self.seen.count || self.seen[word] & (UInt64(1) << UInt64(sequence % 64)) == 0
            }
        }
    }

    private var tenants: [String: Tenant] = [:]
    /// Records that carry no sequence number: the audit cannot speak for them.
    private(set) var unreadable = 0
    /// Records that the broker dropped before they were read: the audit cannot speak for them either.
    private(set) var unread = 0

    /// A record of `tenant` with the event `sequence` of the key `key`, of which it is event `keySequence`.
    ///
    /// Out of order is an event that is seen for the first time after a later one of its key, and a repetition that skips: a
    /// duplicate may repeat a suffix, it must not interleave.
    mutating func observe(tenant name: String, sequence: Int, key: [UInt8], keySequence: Int) {
        guard sequence >= 0, sequence < 1 << 36 else {
            self.unreadable += 1
            return
        }
        var tenant = self.tenants[name] ?? Tenant()
        self.tenants[name] = nil  // Changed in place, not copied.
        let isNew = tenant.see(sequence)
        if !isNew { tenant.duplicated += 1 }
        let newest = tenant.newestByKey[key]
        if let newest, isNew, keySequence <= newest { tenant.outOfOrder += 1 }
        tenant.newestByKey[key] = max(newest ?? keySequence, keySequence)
        self.tenants[name] = tenant
    }

    /// A dead letter of `tenant` that holds the events `sequences`.
    mutating func observeDeadLetter(tenant: String, sequences: [Int]) {
        self.tenants[tenant, default: Tenant()].deadLettered.formUnion(sequences)
    }

    /// A gap record of `tenant`.
    mutating func observeGap(tenant: String) {
        self.tenants[tenant, default: Tenant()].gaps += 1
    }

    /// Gap records and dead-lettered events of `tenant` seen so far.
    func notices(_ tenant: String) -> (gaps: Int, deadLettered: Int) {
        (self.tenants[tenant]?.gaps ?? 0, self.tenants[tenant]?.deadLettered.count ?? 0)
    }

    /// A record without a sequence number.
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

    /// What became of the events `sent` of `tenant`, of which the source never sent those of `skipped`: a gap record must say so.
    func result(tenant name: String, sent: Range<Int>, skipped: [Range<Int>] = []) -> AuditResult {
        let tenant = self.tenants[name] ?? Tenant()
        let missing = tenant.missing(in: sent)
        let undelivered = missing.filter { !tenant.deadLettered.contains($0) }
        // One gap record stands for the start without a checkpoint.
        let hasRecords = tenant.gaps > skipped.count
        let lost = undelivered.filter { sequence in !hasRecords || !skipped.contains { $0.contains(sequence) } }
        return AuditResult(
            tenant: name,
            sent: sent.count,
            delivered: sent.count - missing.count,
            deadLettered: missing.count - undelivered.count,
            insideGaps: undelivered.count - lost.count,
            lost: lost.count,
            gaps: tenant.gaps,
            duplicated: tenant.duplicated,
            outOfOrder: tenant.outOfOrder,
            firstLost: lost.first
        )
    }
}
