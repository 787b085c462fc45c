import NIOCore

/// Writes any event of a tenant's log, and batches of them, as JSON.
///
/// The bytes of event `n` follow from the seed, the tenant and `n` alone: a replay is byte-identical, and nothing is kept
/// but one template for each resource and event type.
struct EventWriter {
    /// Where the first character of a batch's identifier stands, from the batch's first byte.
    static let batchIdentifierOffset = #"{"batchId":""#.utf8.count

    private(set) var series: EventSeries
    /// Events that are not as a client expects, by sequence number.
    private(set) var alterations: [Int: EventAlteration] = [:]
    /// By index.
    private var resources: [SimulatedResource] = []
    private let codec: PositionCodec
    private let positionField: PositionField
    private let eventByteCount: Int
    private let largeEvents: LargeEvents?
    private let padding: [UInt8]
    private let batchHash: SeededHash
    private var time: LogicalTime
    /// Room for the digits of one number.
    private var digits = [UInt8](repeating: 48, count: 20)
    private var templates: [EventTemplate] = []
    private var firstTemplates: [Int] = []
    private var templateCounts: [Int] = []

    /// No more events than this are altered.
    private static let alterationCountMax = 10_000

    init(tenant: SimulatedTenant, configuration: SimulatorConfiguration) {
        let hash = SeededHash(seed: configuration.seed).derived(for: tenant.name)
        self.series = EventSeries(hash: hash, resourceCount: tenant.resources.count)
        self.codec = PositionCodec(tenant: tenant.name, hash: hash, awkward: configuration.awkwardPositions)
        self.positionField = configuration.positionField
        self.eventByteCount = configuration.eventBytes
        self.largeEvents = configuration.largeEvents
        self.batchHash = hash.derived(for: "batches")
        self.time = LogicalTime(startMilliseconds: configuration.logStartMilliseconds)
        let text = Array("The quick brown fox jumps over the lazy dog; ".utf8)
        self.padding = (0..<max(0, configuration.eventBytes, configuration.largeEvents?.bytes ?? 0)).map {
            text[$0 % text.count]
        }
        for resource in tenant.resources { self.add(resource) }
    }

    private mutating func add(_ resource: SimulatedResource) {
        self.resources.append(resource)
        self.firstTemplates.append(self.templates.count)
        self.templateCounts.append(resource.eventTypes.count)
        self.templates += resource.eventTypes.map { EventTemplate(resource: resource, eventType: $0) }
    }

    /// Makes all events from `start` on be about the resources of these indexes, at least one.
    ///
    /// - Parameters:
    ///   - created: resources without an index yet: they get the next ones, in order.
    ///   - start: no event from here on exists yet.
    mutating func beginEpoch(at start: Int, resources: [Int], created: [SimulatedResource] = []) {
        for resource in created { self.add(resource) }
        self.series.beginEpoch(at: start, resources: resources)
    }

    /// Alters an event for good. False when it is altered already, or too many are.
    mutating func alter(_ sequence: Int, _ alteration: EventAlteration) -> Bool {
        guard self.alterations[sequence] == nil, self.alterations.count < Self.alterationCountMax else { return false }
        self.alterations[sequence] = alteration
        return true
    }

    /// The fewest bytes an event of these resources can have, with sequence numbers of up to twelve digits.
    var eventByteCountMin: Int {
        24 + (self.templates.map(\.fixedByteCount).max() ?? 0)
    }

    /// The index of the event's type among those of its resource.
    func eventType(of sequence: Int, resource: Int) -> Int {
        self.series.keySequence(of: sequence, resource: resource) % self.templateCounts[resource]
    }

    /// The position of a client that has everything before event `next`, under the name that it goes by.
    mutating func position(next: Int) -> String {
        switch self.positionField {
        case .lastEventId: self.codec.position(next: next)
        case .timestamp: self.time.text(next)
        }
    }

    /// The next sequence number for a client that resumes at `position`, or nil if no such position exists.
    func next(from position: ResumePosition) -> Int? {
        switch position {
        case .lastEventId(let text): self.codec.next(from: text)
        case .timestamp(let text): self.time.sequence(from: text)
        }
    }

    /// Writes the batch of those events in `sequences` that `filter` lets through.
    mutating func writeBatch(
        _ sequences: Range<Int>,
        number: Int,
        filter: SubscriptionFilter,
        into buffer: inout ByteBuffer
    ) -> Int {
        buffer.writeStaticString(#"{"batchId":""#)
        UniqueIdentifier(hash: self.batchHash, number: number).write(into: &buffer)
        switch self.positionField {
        case .lastEventId:
            buffer.writeStaticString(#"","lastEventId":"#)
            buffer.writeString(JSONText.string(self.codec.position(next: sequences.upperBound)))
            buffer.writeStaticString(#","timestamp":""#)
        case .timestamp:
            buffer.writeStaticString(#"","timestamp":""#)
        }
        self.time.write(sequences.upperBound, into: &buffer)
        buffer.writeStaticString(#"","events":["#)
        var count = 0
        let hasAlterations = !self.alterations.isEmpty
        for sequence in sequences {
            let resource = self.series.resource(of: sequence)
            let key = self.series.keySequence(of: sequence, resource: resource)
            let type = key % self.templateCounts[resource]
            guard filter.matches(resource: resource, eventType: type) else { continue }
            if count > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
            count += 1
            if hasAlterations, let alteration = self.alterations[sequence] {
                self.writeEvent(sequence, key: key, resource: resource, type: type, as: alteration, into: &buffer)
            } else {
                let start = buffer.writerIndex
                buffer.writeBytes(EventTemplate.opening)
                self.series.identifier(of: sequence).write(into: &buffer)
                let template = self.templates[self.firstTemplates[resource] + type]
                self.writeRest(of: sequence, key: key, template: template, start: start, into: &buffer)
            }
        }
        buffer.writeStaticString("]}")
        return count
    }

    private mutating func writeEvent(
        _ sequence: Int,
        key: Int,
        resource: Int,
        type: Int,
        as alteration: EventAlteration,
        into buffer: inout ByteBuffer
    ) {
        let start = buffer.writerIndex
        var template = EventTemplate(
            resource: self.resources[resource],
            eventType: self.resources[resource].eventTypes[type],
            alteration: alteration
        )
        if alteration == .withoutIdentifier {
            buffer.writeInteger(UInt8(ascii: "{"))
            template.removeIdentifierEnd()
        } else {
            buffer.writeBytes(EventTemplate.opening)
            self.series.identifier(of: sequence).write(into: &buffer)
        }
        self.writeRest(of: sequence, key: key, template: template, start: start, into: &buffer)
    }

    /// Writes what stands behind an event's identifier. The event began at `start`.
    private mutating func writeRest(
        of sequence: Int,
        key: Int,
        template: EventTemplate,
        start: Int,
        into buffer: inout ByteBuffer
    ) {
        buffer.writeBytes(template.beforeTimestamp)
        self.time.write(sequence, into: &buffer)
        buffer.writeBytes(template.afterTimestamp)
        self.writeDigits(sequence, into: &buffer)
        buffer.writeBytes(EventTemplate.betweenSequences)
        self.writeDigits(key, into: &buffer)
        buffer.writeBytes(EventTemplate.beforePadding)
        let missing = self.byteCount(of: sequence) - (buffer.writerIndex - start) - EventTemplate.closing.count
        if missing > 0 { buffer.writeBytes(self.padding[..<missing]) }
        buffer.writeBytes(EventTemplate.closing)
    }

    private func byteCount(of sequence: Int) -> Int {
        guard let large = self.largeEvents, sequence % large.interval == large.interval - 1 else {
            return self.eventByteCount
        }
        return large.bytes
    }

    /// Writes a number that is not negative. One write for all digits: each costs as much as many digits do.
    private mutating func writeDigits(_ value: Int, into buffer: inout ByteBuffer) {
        var first = self.digits.count
        var rest = value
        repeat {
            first -= 1
            self.digits[first] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        } while rest > 0
        buffer.writeBytes(self.digits[first...])
    }
}
