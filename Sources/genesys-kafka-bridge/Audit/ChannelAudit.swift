import BridgeCore

/// Compares what arrived in Kafka with what the public notification service made: whatever is missing has to be inside a gap.
///
/// The service replays nothing, so an event that came to be while no socket was certainly read is gone. The promise is that a gap record says
/// so (C1): an event is inside a gap when the time at which it came to be is within a record that names its topic.
///
/// - Receives: the records of the output topics, in the order of their partitions.
/// - Hands to: whoever asks, one result per tenant.
/// - Holds at most: for each topic the ranges of the numbers that were seen, that are in dead letters or inside gaps, and of the times of gaps.
struct ChannelAudit {
    private struct Topic {
        var numbers = NumberAccount()
        var gaps = TopicGaps()
        var identifiers = RecentIdentifiers()
        var copied = 0
        /// When the newest event came to be, where that is told. Milliseconds since 1970.
        var newestAt: Int?
    }

    private struct Tenant {
        var topics: [String: Topic] = [:]
        var distinct = 0
        var deadLettered = 0
        var times = GapTimes()
    }

    /// Of each topic so many missing numbers are looked into at a time.
    private static let questionsMax = 20_000

    private var tenants: [String: Tenant] = [:]

    // MARK: What is read

    /// A record of `tenant` with `event`.
    ///
    /// - Parameters:
    ///   - isOrdered: false for a record whose order nobody promises.
    ///   - identifier: its `ce_id`.
    mutating func observe(
        tenant name: String,
        event: NumberedNotification,
        isOrdered: Bool,
        identifier: [UInt8]? = nil
    ) {
        self.change(name, event.topic) { tenant, topic in
            if topic.numbers.see(event.number, isOrdered: isOrdered) {
                tenant.distinct += 1
                if let identifier { topic.identifiers.insert(identifier, of: event.number) }
            } else if let identifier, topic.identifiers.differ(from: identifier, of: event.number) {
                topic.copied += 1
            }
            topic.numbers.newest = max(topic.numbers.newest, event.number)
        }
    }

    /// A record of `tenant` with `event`, where nobody will say what was made, and when. What is missing in front of it came to be between
    /// the one before and this one: it is lost where no gap touches that time. Gap records have to be observed before.
    ///
    /// - Parameter milliseconds: when the event came to be, since 1970; nil where that is not known.
    mutating func observe(
        tenant name: String,
        event: NumberedNotification,
        isOrdered: Bool,
        identifier: [UInt8]?,
        at milliseconds: Int?
    ) {
        self.change(name, event.topic) { _, topic in
            guard event.number > topic.numbers.newest else { return }
            let jumped = topic.numbers.newest + 1..<event.number
            if topic.numbers.newest >= 0, !jumped.isEmpty {
                if let milliseconds, let before = topic.newestAt {
                    if topic.gaps.touch(min(before, milliseconds)...milliseconds) { topic.numbers.excuse(jumped) }
                } else {
                    topic.numbers.leaveOpen(jumped)
                }
            }
            topic.newestAt = milliseconds
        }
        self.observe(tenant: name, event: event, isOrdered: isOrdered, identifier: identifier)
    }

    /// A dead letter of `tenant` that holds `event`.
    mutating func observeDeadLetter(tenant name: String, event: NumberedNotification) {
        self.change(name, event.topic) { tenant, topic in
            if topic.numbers.deadLetter(event.number) { tenant.deadLettered += 1 }
        }
    }

    /// A gap record of `tenant`. One that names a combined topic speaks for all that this stands for: their events come under their own names.
    mutating func observeGap(tenant name: String, _ gap: TimedGap) {
        self.tenants[name, default: Tenant()].times.add(gap)
        for topic in gap.topics.flatMap(CombinedTopic.topics) { self.change(name, topic) { $1.gaps.add(gap) } }
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
            known.numbers.add(known.numbers.span, named: topic, to: &result)
        }
        return result
    }

    /// The same topic by topic, ordered by name.
    func keyResults(seenOf name: String) -> [KeyResult] {
        let topics = (self.tenants[name] ?? Tenant()).topics
        return topics.filter { !$0.value.numbers.span.isEmpty }.sorted { $0.key < $1.key }.map {
            KeyResult($0.key, $0.value.numbers)
        }
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
