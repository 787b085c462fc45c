/// Maps a batch's events to Kafka records (spec: Records). Pure, and without an allocation per event.
///
/// An event goes where its name and its resource say: to the destination of its resource, where that has one of its own, else to that of
/// its name. An event without `event`, or whose name was not subscribed, goes to the tenant's dead-letter topic with the reason in its
/// headers (S2.8). An event without `resourceId` is delivered with a null key and counted, and so is one that has nothing where its key should
/// be: it is keyed by its entity. A notice goes to the topic of its kind.
///
/// - Receives: batches, from the stream's delivery.
/// - Hands to: the same delivery, their records.
/// - Holds at most: nothing between calls.
public struct RecordMapper: Sendable {
    /// Finds the value at a pointer in the JSON text at a range; nil where there is none that can be a key. What stands there in another
    /// form than decoded is appended to the array, as if that followed the bytes.
    public typealias KeyLookup =
        @Sendable (_ pointer: JSONPointer, _ bytes: MessageBytes, _ event: ByteRange, _ tail: inout [UInt8]) ->
        ByteRange?

    /// What mapping a batch gave.
    public struct Mapped: Sendable {
        /// The records, in the order of the events.
        public var records: [KafkaRecord]
        /// What the records point into: the batch's bytes and, behind them, keys that do not stand there as they are.
        public var bytes: MessageBytes
        /// Events that go to the dead letters.
        public var deadLetterCount = 0
        /// Events without an entity: their key is null.
        public var nullKeyCount = 0
        /// Events that have nothing where their key should be: they are keyed by their entity.
        public var keyFallbackCount = 0
    }

    /// The routes that records name by index: one for each destination, then those of `Special`, then one for each destination's refused ones.
    public let routes: RecordRoutes
    let destinations: RecordDestinations
    /// What dead letters of refused records need.
    public let refused: Refused
    private let keyLookup: KeyLookup

    /// Routes of what is not delivered as an event, in the order in which they follow the destinations.
    enum Special: Int, CaseIterable {
        case missingName, unsubscribed, unreadableMessage, gap
    }

    private func route(_ special: Special) -> Int { self.destinations.entries.count + special.rawValue }

    /// The dead letters of a destination's events that Kafka refuses.
    func routeOfRefused(_ destination: Int) -> Int {
        self.destinations.entries.count + Special.allCases.count + destination
    }

    /// A mapper for one tenant.
    /// - Parameters:
    ///   - source: the records' `ce_source`, `/genesys/<region>/<tenant>`.
    ///   - families: the event names that were subscribed, and where their events go. Dead letters and gaps always carry headers.
    ///   - deadLetterTopic: the Kafka topic of what cannot be delivered.
    ///   - gapTopic: the Kafka topic of gap records.
    ///   - keyLookup: finds keys inside events, where destinations want that.
    ///   - refused: what dead letters of refused records need.
    public init(
        source: String,
        families: [RecordFamily],
        deadLetterTopic: String,
        gapTopic: String,
        keyLookup: @escaping KeyLookup = { _, _, _, _ in nil },
        refused: Refused
    ) {
        self.refused = refused
        self.keyLookup = keyLookup
        self.destinations = RecordDestinations(families)
        let ofEvents = self.destinations.entries.map { entry in
            RecordRoute(
                kafkaTopic: entry.destination.kafkaTopic,
                headers: entry.destination.withHeaders
                    ? Self.cloudEventsHeaders(source: source, family: entry.event) : []
            )
        }
        let special = Special.allCases.map { special in
            switch special {
            case .missingName:
                Self.deadLetters(
                    deadLetterTopic,
                    Self.connectHeaders(
                        source,
                        "TRANSFORMATION",
                        "MissingEventName",
                        .constant("the event has no field 'event'")
                    ) + Self.cutHeaders
                )
            case .unsubscribed:
                Self.deadLetters(
                    deadLetterTopic,
                    Self.connectHeaders(
                        source,
                        "TRANSFORMATION",
                        "UnsubscribedEvent",
                        .constant("the event's name was not subscribed")
                    ) + Self.cutHeaders
                )
            case .unreadableMessage:
                Self.deadLetters(
                    deadLetterTopic,
                    Self.connectHeaders(source, "VALUE_CONVERTER", "UnreadableMessage", .detail) + [
                        RecordHeader("sha256", .id), RecordHeader("full-size", .subject),
                    ]
                )
            case .gap:
                RecordRoute(kafkaTopic: gapTopic, headers: Self.gapHeaders(source: source))
            }
        }
        let ofRefused = self.destinations.entries.map { entry in
            Self.deadLetters(
                deadLetterTopic,
                Self.connectHeaders(entry.destination.kafkaTopic, "KAFKA_PRODUCE", "RefusedByKafka", .detail)
                    + Self.cutHeaders
            )
        }
        self.routes = RecordRoutes(ofEvents + special + ofRefused)
    }

    /// What an event was before it was cut; both are left out where nothing is known to be missing.
    private static let cutHeaders = [RecordHeader("sha256", .time), RecordHeader("full-size", .subject)]

    private static func deadLetters(_ kafkaTopic: String, _ headers: [RecordHeader]) -> RecordRoute {
        RecordRoute(kafkaTopic: kafkaTopic, headers: headers + [RecordHeader("ce_id", .id)])
    }

    /// The header names of Kafka Connect's dead-letter queues, which existing tools read.
    private static func connectHeaders(
        _ topic: String,
        _ stage: String,
        _ exception: String,
        _ message: RecordHeader.Value
    ) -> [RecordHeader] {
        [
            RecordHeader("__connect.errors.topic", .constant(topic)),
            RecordHeader("__connect.errors.stage", .constant(stage)),
            RecordHeader("__connect.errors.exception.class.name", .constant(exception)),
            RecordHeader("__connect.errors.exception.message", message),
        ]
    }

    private static func gapHeaders(source: String) -> [RecordHeader] {
        [
            RecordHeader("ce_specversion", .constant("1.0")),
            RecordHeader("ce_id", .id),
            RecordHeader("ce_source", .constant(source)),
            RecordHeader("ce_type", .constant("genesys-kafka-bridge.gap")),
            RecordHeader("content-type", .constant("application/json")),
        ]
    }

    /// CloudEvents 1.0, Kafka binding, binary mode.
    private static func cloudEventsHeaders(source: String, family: String) -> [RecordHeader] {
        [
            RecordHeader("ce_specversion", .constant("1.0")),
            RecordHeader("ce_id", .id),
            RecordHeader("ce_source", .constant(source)),
            RecordHeader("ce_type", .constant("com.genesys.\(family)")),
            RecordHeader("ce_subject", .subject),
            RecordHeader("ce_time", .time),
            RecordHeader("content-type", .constant("application/json")),
        ]
    }

    /// The records of `batch`. Events without a time of their own get `receivedAtMilliseconds`.
    public func map(_ batch: NotificationBatch, receivedAtMilliseconds: Int64) -> Mapped {
        if let notice = batch.notice {
            return self.map(notice, batch.bytes, timestampMilliseconds: receivedAtMilliseconds)
        }
        var mapped = Mapped(records: [], bytes: batch.bytes)
        mapped.records.reserveCapacity(batch.events.count)
        var tail: [UInt8] = []
        // Neighbours mostly belong to one family: try the last one first.
        var lastFamily = 0
        for event in batch.events {
            var key = event.resourceID
            let route: Int
            if let name = event.name {
                if let family = self.destinations.family(of: name, in: batch.bytes, tryFirst: lastFamily) {
                    lastFamily = family
                    route = self.destinations.entry(family: family, resource: event.resourceID, in: batch.bytes)
                    key = self.key(of: event, at: route, in: batch.bytes, &tail, &mapped)
                } else {
                    route = self.route(.unsubscribed)
                }
            } else {
                route = self.route(.missingName)
            }
            let isEvent = route < self.destinations.entries.count
            if !isEvent { mapped.deadLetterCount += 1 }
            if event.resourceID == nil, key == nil { mapped.nullKeyCount += 1 }
            mapped.records.append(
                KafkaRecord(
                    route: Int32(route),
                    key: key,
                    value: event.value,
                    id: event.id,
                    subject: isEvent ? event.resourceID : nil,
                    time: isEvent ? event.time : nil,
                    timestampMilliseconds: Self.timestamp(of: event) ?? receivedAtMilliseconds
                )
            )
        }
        if !tail.isEmpty { mapped.bytes = batch.bytes.copy(appending: tail) }
        return mapped
    }

    private func key(
        of event: NotificationEvent,
        at destination: Int,
        in bytes: MessageBytes,
        _ tail: inout [UInt8],
        _ mapped: inout Mapped
    ) -> ByteRange? {
        switch self.destinations.entries[destination].destination.key {
        case .entity: return event.resourceID
        case .none: return nil
        case .pointer(let pointer):
            if let key = self.keyLookup(pointer, bytes, event.value, &tail) { return key }
            mapped.keyFallbackCount += 1
            return event.resourceID
        }
    }

    private func map(_ notice: StreamNotice, _ bytes: MessageBytes, timestampMilliseconds: Int64) -> Mapped {
        let special: Special
        switch notice.kind {
        case .gap: special = .gap
        case .unreadableMessage: special = .unreadableMessage
        }
        let record = KafkaRecord(
            route: Int32(self.route(special)),
            key: notice.key,
            value: notice.value,
            id: notice.id,
            subject: notice.fullSize,
            time: nil,
            detail: notice.detail,
            timestampMilliseconds: timestampMilliseconds
        )
        return Mapped(records: [record], bytes: bytes)
    }

    /// The event's own time; nil where it has none, or one before 1970, which Kafka refuses.
    private static func timestamp(of event: NotificationEvent) -> Int64? {
        event.timeMilliseconds.flatMap { $0 >= 0 ? $0 : nil }
    }
}
