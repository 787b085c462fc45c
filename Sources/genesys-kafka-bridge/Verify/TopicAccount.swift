import Foundation
import RDKafka

/// Counts what one tenant's topics hold.
///
/// - Receives: the records of the gap and dead-letter topics, then those of the event topics, in the order of their partitions.
/// - Hands to: whoever asks, a `VerifiedTenant`.
/// - Holds at most: what a `DeliveryAudit` and an `IdentifierSample` hold.
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
    private var identifiers: IdentifierSample
    private var identified = 0
    private var counts: VerifiedTenant

    init(tenant: String, identifiers: IdentifierSample = IdentifierSample()) {
        self.tenant = tenant
        self.identifiers = identifiers
        self.counts = VerifiedTenant(tenant: tenant)
    }

    /// A record of a topic with `role`.
    mutating func observe(_ record: KafkaConsumedRecord, in role: Role) {
        let value = record.value ?? []
        switch role {
        case .gaps:
            // A source without numbers has positions that cannot be compared: then the record only counts.
            if let notice = GapNotice(value) { self.audit.observeGap(tenant: self.tenant, notice) }
            let cause = (try? JSONDecoder().decode(GapCause.self, from: Data(value)))?.cause ?? "unreadable"
            self.counts.gaps[Self.shown(cause), default: 0] += 1
        case .deadLetters:
            self.audit.observeDeadLetter(tenant: self.tenant, events: NumberedEvent.all(in: value))
            let reason = record.headers.last { $0.name == Self.reasonHeader }?.value
            let text = reason.map { String(decoding: $0, as: UTF8.self) } ?? "unknown"
            self.counts.deadLetters[Self.shown(text), default: 0] += 1
        case .events(let events):
            self.counts.records += 1
            if let event = NumberedEvent(value) {
                self.audit.observe(
                    tenant: self.tenant,
                    event: event,
                    isKeyed: record.key != nil && events.areInOrder,
                    families: events.names
                )
            } else if let identifier = record.headers.last(where: { $0.name == "ce_id" })?.value {
                self.identified += 1
                self.identifiers.insert(identifier)
            } else {
                self.counts.unidentified += 1
            }
        }
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
        let audited = self.audit.result(seenOf: self.tenant)
        let repeated = min(self.identifiers.repeated, self.identified)
        var result = self.counts
        result.numbered = self.audit.delivered(self.tenant)
        result.unidentified += self.audit.unreadable
        result.delivered = result.numbered + self.identified - repeated + result.unidentified
        result.duplicated = audited.duplicated + repeated
        result.duplicatedIsEstimate = self.identifiers.isEstimate
        result.outOfOrder = audited.outOfOrder
        result.lost = audited.lost
        result.firstLost = audited.firstLost.map(Self.shown)
        result.insideGaps = audited.insideGaps
        result.keys = withKeys ? self.audit.keyResults(seenOf: self.tenant) : nil
        return result
    }

    /// What others wrote, for a terminal.
    private static func shown(_ text: String) -> String {
        ControlCharacters.escape(String(text.prefix(Self.reasonLengthMax)))
    }
}
