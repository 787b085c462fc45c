/// Compares what arrived in Kafka with what a source of numbered events owed: lost, duplicated, out of order per key.
///
/// - Receives: the records of the output topics, in the order of their partitions.
/// - Hands to: whoever asks, one result per tenant.
/// - Holds at most: for each key the ranges of the numbers that were seen, and of those in dead letters; and the gap records.
struct DeliveryAudit {
    private struct Key {
        var numbers = NumberAccount()
        /// The place in the tenant's log of the newest event.
        var newestSequence: Int?
        /// The lowest number in the dead letters, and its place in the tenant's log.
        var firstDeadLetter: (number: Int, sequence: Int)?
    }

    private struct Tenant {
        var keys: [[UInt8]: Key] = [:]
        var distinct = 0
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
    /// - Parameters:
    ///   - isKeyed: false for a record without a key, whose order nobody promises.
    ///   - families: the event names that may be in its topic, where gap records that were observed before shall account for what is
    ///     missing in front of it.
    mutating func observe(tenant name: String, event: NumberedEvent, isKeyed: Bool, families: Set<String> = []) {
        guard event.keySequence < Self.sequenceMax else {
            self.unreadable += 1
            return
        }
        self.change(name) { tenant in
            var key = tenant.keys.removeValue(forKey: event.key) ?? Key()  // Changed in place, not copied.
            if key.numbers.see(event.keySequence, isOrdered: isKeyed) { tenant.distinct += 1 }
            if isKeyed, event.keySequence > key.numbers.newest {
                Self.excuse(event, &key, by: tenant.gaps, families)
                key.numbers.newest = event.keySequence
                key.newestSequence = event.sequence
            }
            tenant.keys[event.key] = key
        }
    }

    /// Enters what lies between the newest event so far and `event`, if gap records speak for as many. In front of the first event there may
    /// be dead letters.
    private static func excuse(
        _ event: NumberedEvent,
        _ key: inout Key,
        by gaps: [GapNotice],
        _ families: Set<String>
    ) {
        let newest = key.newestSequence.map { (number: key.numbers.newest, sequence: $0) }
        guard !gaps.isEmpty, let before = key.numbers.newest >= 0 ? newest : key.firstDeadLetter,
            event.keySequence > before.number + 1, let last = event.sequence
        else { return }
        let first = before.sequence
        let jumped = before.number + 1..<event.keySequence
        let missing = RangeSet(jumped).subtracting(key.numbers.deadLettered).count
        let name = String(decoding: event.key, as: UTF8.self)
        var reach = 0
        for gap in gaps where reach < missing {
            reach += gap.reach(between: first, and: last, key: name, of: families)
        }
        if reach >= missing { key.numbers.excuse(jumped) }
    }

    /// A dead letter of `tenant` that holds `events`.
    mutating func observeDeadLetter(tenant name: String, events: [NumberedEvent]) {
        self.change(name) { tenant in
            for event in events where event.keySequence < Self.sequenceMax {
                let number = event.keySequence
                guard tenant.keys[event.key, default: Key()].numbers.deadLetter(number) else { continue }
                if let sequence = event.sequence, number < tenant.keys[event.key]?.firstDeadLetter?.number ?? .max {
                    tenant.keys[event.key]?.firstDeadLetter = (number, sequence)
                }
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
        var result = Self.result(owed.tenant, tenant)
        for resource in owed.resources {
            let key = tenant.keys[Array(resource.key.utf8)] ?? Key()
            var insideGaps = RangeSet<Int>()
            for skipped in resource.skipped where tenant.gaps.contains(where: { $0.covers(skipped, of: resource) }) {
                insideGaps.insert(contentsOf: skipped.keySequences)
            }
            key.numbers.add(
                resource.keySequences,
                insideGaps: insideGaps,
                named: "\(resource.event):\(resource.key)",
                to: &result
            )
        }
        return result
    }

    /// What became of the events of each key from the first to the last that is known of, where nobody says what was owed. What is
    /// missing in front of the first or behind the last is not known.
    func result(seenOf name: String) -> AuditResult {
        let tenant = self.tenants[name] ?? Tenant()
        var result = Self.result(name, tenant)
        for (bytes, key) in tenant.keys.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let name = String(decoding: bytes, as: UTF8.self)
            key.numbers.add(key.numbers.span, named: name, to: &result)
        }
        return result
    }

    /// The same key by key, ordered by key.
    func keyResults(seenOf name: String) -> [KeyResult] {
        let tenant = self.tenants[name] ?? Tenant()
        return tenant.keys.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { bytes, key in
            KeyResult(String(decoding: bytes, as: UTF8.self), key.numbers)
        }
    }

    private static func result(_ name: String, _ tenant: Tenant) -> AuditResult {
        AuditResult(
            tenant: name,
            gaps: tenant.gaps.count,
            duplicated: tenant.keys.values.reduce(0) { $0 + $1.numbers.duplicated },
            outOfOrder: tenant.keys.values.reduce(0) { $0 + $1.numbers.outOfOrder }
        )
    }
}
