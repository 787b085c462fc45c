import BridgeCore

/// Compares what arrived in Kafka with what the public notification service made: whatever is missing has to be inside a gap.
///
/// The service replays nothing, so an event that came to be while no socket was certainly read is gone. The promise is that a gap record says
/// so (C1): an event is inside a gap when the time at which it came to be is within a record that names its topic.
///
/// - Receives: the records of the output topics, in the order of their partitions.
/// - Hands to: whoever asks, one result per tenant.
/// - Holds at most: for each topic the ranges of the numbers that were seen, that are in dead letters or inside gaps, and of the times of gaps;
///   and what `KeyOrder` holds.
struct ChannelAudit {
    private struct Topic {
        var numbers = NumberAccount()
        var gaps = TopicGaps()
        var identifiers = RecentIdentifiers()
        var copied = 0
        /// What is there, with times.
        var known = TimedNumbers()
        /// Whose channels bring it, as gap records say.
        var streams: Set<String> = []

        var missing: MissingNumbers { MissingNumbers(self.known, gaps: self.gaps) }
    }

    private struct Tenant {
        var topics: [String: Topic] = [:]
        var order = KeyOrder()
        var distinct = 0
        var deadLettered = 0
        var times = GapTimes()
    }

    /// Of each topic so many missing numbers are looked into at a time.
    private static let questionsMax = 20_000

    private var tenants: [String: Tenant] = [:]

    // MARK: What is read

    /// A record of `tenant` with `event`. Gap records that were observed before say whose channels bring what.
    ///
    /// - Parameters:
    ///   - place: where it stands in an order; nil for a record whose order nobody promises.
    ///   - identifier: its `ce_id`.
    ///   - time: when it came to be; nil where that is not known.
    mutating func observe(
        tenant name: String,
        event: NumberedNotification,
        at place: KeyOrder.Place?,
        identifier: [UInt8]? = nil,
        time: EventTime? = nil
    ) {
        self.change(name, event.topic) { tenant, topic in
            topic.known.insert(event.number, at: time)
            guard topic.numbers.see(event.number, isOrdered: false) else {
                if let identifier, topic.identifiers.differ(from: identifier, of: event.number) { topic.copied += 1 }
                return
            }
            tenant.distinct += 1
            if let identifier { topic.identifiers.insert(identifier, of: event.number) }
            // A topic that has moved from one channel to another has no order with others.
            let stream = topic.streams.count == 1 ? topic.streams.first : nil
            if let place, tenant.order.isLate(event, at: place, time, stream: stream) { topic.numbers.noteOutOfOrder() }
        }
    }

    /// A dead letter of `tenant` that holds `event`, which came to be by `time`, where that is known.
    mutating func observeDeadLetter(tenant name: String, event: NumberedNotification, time: EventTime? = nil) {
        self.change(name, event.topic) { tenant, topic in
            topic.known.insert(event.number, at: time)
            if topic.numbers.deadLetter(event.number) { tenant.deadLettered += 1 }
        }
    }

    /// A gap record of `tenant`. One that names a combined topic speaks for all that this stands for: their events come under their own names.
    mutating func observeGap(tenant name: String, _ gap: TimedGap) {
        self.tenants[name, default: Tenant()].times.add(gap)
        for topic in gap.topics.flatMap(CombinedTopic.topics) {
            self.change(name, topic) { _, topic in
                topic.gaps.add(gap)
                if let stream = gap.stream { topic.streams.insert(stream) }
            }
        }
    }

    private mutating func change(_ name: String, _ topicName: String, _ body: (inout Tenant, inout Topic) -> Void) {
        // Changed in place, not copied.
        var tenant = self.tenants.removeValue(forKey: name) ?? Tenant()
        var topic = tenant.topics.removeValue(forKey: topicName) ?? Topic()
        body(&tenant, &topic)
        tenant.topics[topicName] = topic
        self.tenants[name] = tenant
    }

    // MARK: What is known

    /// Distinct events of `tenant` seen so far.
    func delivered(_ tenant: String) -> Int {
        self.tenants[tenant]?.distinct ?? 0
    }

    /// Gap records and dead-lettered events of `tenant` seen so far.
    func notices(_ tenant: String) -> (gaps: Int, deadLettered: Int) {
        (self.tenants[tenant]?.times.recordCount ?? 0, self.tenants[tenant]?.deadLettered ?? 0)
    }

    /// The numbers that nothing accounts for as yet, by topic: of them it has to be said when they came to be.
    func unaccounted(_ owed: OwedNotifications) -> [String: [Int]] {
        let tenant = self.tenants[owed.tenant] ?? Tenant()
        var result: [String: [Int]] = [:]
        for owed in owed.topics {
            let numbers = (tenant.topics[owed.name] ?? Topic()).numbers
            let unaccounted = numbers.undelivered(in: owed.numbers).subtracting(numbers.insideGaps)
            guard !unaccounted.isEmpty else { continue }
            result[owed.name] = Array(unaccounted.ranges.lazy.joined().prefix(Self.questionsMax))
        }
        return result
    }

    /// Takes the times of `owed`: events inside gaps that have an end are accounted for from now on.
    mutating func settle(_ owed: OwedNotifications) {
        for owedTopic in owed.topics where !owedTopic.milliseconds.isEmpty {
            self.change(owed.tenant, owedTopic.name) { _, topic in
                for (number, milliseconds) in owedTopic.milliseconds where topic.gaps.cover(milliseconds) {
                    topic.numbers.excuse(number..<number + 1)
                }
            }
        }
    }

    /// What became of the events that `owed` names.
    func result(_ owed: OwedNotifications) -> AuditResult {
        let tenant = self.tenants[owed.tenant] ?? Tenant()
        var result = Self.result(owed.tenant, tenant)
        for owed in owed.topics {
            let topic = tenant.topics[owed.name] ?? Topic()
            var insideGaps = RangeSet<Int>()
            for (number, milliseconds) in owed.milliseconds
            where topic.gaps.cover(milliseconds) || topic.gaps.coverForNow(milliseconds) {
                insideGaps.insert(contentsOf: number..<number + 1)
            }
            topic.numbers.add(
                owed.numbers,
                insideGaps: insideGaps,
                named: owed.name,
                madeAt: owed.milliseconds,
                to: &result
            )
        }
        return result
    }

    /// What became of the events of each topic from the first to the last that is known of, where nobody says what was made.
    func result(seenOf name: String) -> AuditResult {
        let tenant = self.tenants[name] ?? Tenant()
        var result = Self.result(name, tenant)
        for (topic, known) in tenant.topics.sorted(by: { $0.key < $1.key }) {
            known.numbers.add(known.numbers.span, others: known.missing, named: topic, to: &result)
        }
        return result
    }

    /// The same topic by topic, ordered by name.
    func keyResults(seenOf name: String) -> [KeyResult] {
        let topics = (self.tenants[name] ?? Tenant()).topics
        return topics.filter { !$0.value.numbers.span.isEmpty }.sorted { $0.key < $1.key }.map {
            KeyResult($0.key, $0.value.numbers, others: $0.value.missing)
        }
    }

    /// What cannot be known of what was seen: numbers in front of the first one of each topic, keys that several topics share between which
    /// there is no order to compare, and records whose order was not looked at.
    func unknown(seenOf name: String) -> (numbersInFront: Int, uncomparedKeys: Int, unfollowed: Int) {
        let tenant = self.tenants[name] ?? Tenant()
        let inFront = tenant.topics.values.reduce(0) { $0 + $1.known.countInFront }
        return (inFront, tenant.order.uncomparedKeyCount, tenant.order.unfollowedCount)
    }

    private static func result(_ name: String, _ tenant: Tenant) -> AuditResult {
        AuditResult(
            tenant: name,
            gaps: tenant.times.recordCount,
            duplicated: tenant.topics.values.reduce(0) { $0 + $1.numbers.duplicated },
            copied: tenant.topics.values.reduce(0) { $0 + $1.copied },
            outOfOrder: tenant.topics.values.reduce(0) { $0 + $1.numbers.outOfOrder },
            gapTimes: tenant.times.all
        )
    }
}
