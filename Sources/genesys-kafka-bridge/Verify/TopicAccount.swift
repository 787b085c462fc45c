import Foundation
import RDKafka

/// Counts what one tenant's topics hold.
///
/// - Receives: the records of the gap and dead-letter topics, then those of the event topics, in the order of their partitions.
/// - Hands to: whoever asks, a `VerifiedTenant`.
/// - Holds at most: what the dialect's audit and two `IdentifierSample`s hold.
struct TopicAccount {
    /// The events of a topic.
    struct Events: Hashable {
        /// What they are called.
        var names: Set<String>
        /// Whether those of one entity are in one partition, in order: they are where records are keyed by it.
        var areInOrder = true

        mutating func formUnion(_ other: Events) {
            self.names.formUnion(other.names)
            self.areInOrder = self.areInOrder && other.areInOrder
        }
    }

    /// What a topic holds.
    enum Role: Hashable {
        case events(Events)
        case deadLetters
        case gaps
    }

    private struct GapCause: Decodable { var cause: String }

    private static let reasonHeader = "__connect.errors.exception.class.name"
    private static let reasonLengthMax = 100

    private let tenant: String
    private var audit = DeliveryAudit()
    private var channelAudit = ChannelAudit()
    private let nowMilliseconds: Int64
    private var identifiers: IdentifierSample
    private var numberedIdentifiers = IdentifierSample()
    private var identified = 0
    private var counts: VerifiedTenant

    /// The account of a tenant.
    ///
    /// - Parameters:
    ///   - isOfChannels: its events are of the public notification service.
    ///   - nowMilliseconds: since 1970; a later time is not one at which an event came to be.
    init(
        tenant: String,
        isOfChannels: Bool = false,
        nowMilliseconds: Int64 = .max,
        identifiers: IdentifierSample = IdentifierSample()
    ) {
        self.tenant = tenant
        self.nowMilliseconds = nowMilliseconds
        self.identifiers = identifiers
        self.counts = VerifiedTenant(tenant: tenant, isOfChannels: isOfChannels)
    }

    /// A record of a topic with `role`.
    mutating func observe(_ record: KafkaConsumedRecord, in role: Role) {
        let value = record.value ?? []
        switch role {
        case .gaps: self.observeGap(value)
        case .deadLetters:
            if !self.counts.isOfChannels {
                self.audit.observeDeadLetter(tenant: self.tenant, events: NumberedEvent.all(in: value))
            } else if let event = NumberedNotification(value) {
                // A dead letter says no time of the event's own: it came to be by then.
                let time = self.time(of: record).map { EventTime(milliseconds: $0.milliseconds, isOwn: false) }
                self.channelAudit.observeDeadLetter(tenant: self.tenant, event: event, time: time)
            }
            let reason = record.lastHeader(Self.reasonHeader)
            let text = reason.map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
            self.counts.deadLetters[Self.shown(text), default: 0] += 1
        case .events(let events):
            self.counts.records += 1
            if self.counts.isOfChannels {
                self.observeNotification(record, value)
            } else if let event = NumberedEvent(value) {
                self.audit.observe(
                    tenant: self.tenant,
                    event: event,
                    isKeyed: record.key != nil && events.areInOrder,
                    families: events.names
                )
            } else {
                self.observeUnnumbered(record)
            }
        }
    }

    private mutating func observeGap(_ value: [UInt8]) {
        if self.counts.isOfChannels {
            if let gap = TimedGap(value) { self.channelAudit.observeGap(tenant: self.tenant, gap) }
        } else if let notice = GapNotice(value) {
            self.audit.observeGap(tenant: self.tenant, notice)
        }
        // One with positions that cannot be compared only counts.
        let cause = (try? JSONDecoder().decode(GapCause.self, from: Data(value)))?.cause ?? "unreadable"
        self.counts.gaps[Self.shown(cause), default: 0] += 1
    }

    private mutating func observeUnnumbered(_ record: KafkaConsumedRecord) {
        if let identifier = Self.identifier(of: record) {
            self.identified += 1
            self.identifiers.insert(identifier)
        } else {
            self.counts.unidentified += 1
        }
    }

    private mutating func observeNotification(_ record: KafkaConsumedRecord, _ value: [UInt8]) {
        guard let event = NumberedNotification(value) else { return self.observeUnnumbered(record) }
        let identifier = Self.identifier(of: record)
        if let identifier { self.numberedIdentifiers.insert(identifier) }
        self.channelAudit.observe(
            tenant: self.tenant,
            event: event,
            at: record.place,
            identifier: identifier,
            time: self.time(of: record)
        )
    }

    private func time(of record: KafkaConsumedRecord) -> EventTime? {
        EventTime(record, noLaterThan: self.nowMilliseconds)
    }

    private static func identifier(of record: KafkaConsumedRecord) -> [UInt8]? {
        record.lastHeader("ce_id")
    }

    /// `count` records were gone before they could be read.
    mutating func observeExpired(_ count: Int) {
        self.counts.expired += count
    }

    /// `count` offsets hold no record.
    mutating func observeSkipped(_ count: Int) {
        self.counts.skippedOffsets += count
    }

    /// The cluster does not have this topic.
    mutating func observeMissing(_ topic: String) {
        self.counts.missingTopics.append(topic)
    }

    /// What was found so far.
    ///
    /// - Parameter withKeys: also key by key.
    func result(withKeys: Bool) -> VerifiedTenant {
        let isOfChannels = self.counts.isOfChannels
        let audited =
            isOfChannels
            ? self.channelAudit.result(seenOf: self.tenant) : self.audit.result(seenOf: self.tenant)
        let repeated = min(self.identifiers.repeated, self.identified)
        var result = self.counts
        result.numbered =
            isOfChannels ? self.channelAudit.delivered(self.tenant) : self.audit.delivered(self.tenant)
        result.unidentified += self.audit.unreadable
        result.delivered = result.numbered + self.identified - repeated + result.unidentified
        result.duplicated = audited.duplicated + repeated
        result.duplicatedIsEstimate = self.identifiers.isEstimate
        result.outOfOrder = audited.outOfOrder
        result.lost = audited.lost
        result.firstLost = audited.firstLost.map(Self.shown)
        result.insideGaps = audited.insideGaps
        result.besideGaps = audited.besideGaps
        result.evenlyOutsideGaps = audited.evenlyOutsideGaps
        result.undecided = audited.undecided
        if isOfChannels {
            let unknown = self.channelAudit.unknown(seenOf: self.tenant)
            (result.inFront, result.uncomparedKeys) = (unknown.numbersInFront, unknown.uncomparedKeys)
            result.unfollowed = unknown.unfollowed
            result.gapTimes = audited.gapTimes
            result.rewritten = repeated + self.numberedIdentifiers.repeated
            result.duplicatedIsEstimate = result.duplicatedIsEstimate || self.numberedIdentifiers.isEstimate
        }
        guard withKeys else { return result }
        result.keys =
            isOfChannels
            ? self.channelAudit.keyResults(seenOf: self.tenant) : self.audit.keyResults(seenOf: self.tenant)
        return result
    }

    /// What others wrote, for a terminal.
    private static func shown(_ text: String) -> String {
        ControlCharacters.escape(String(text.prefix(Self.reasonLengthMax)))
    }
}
