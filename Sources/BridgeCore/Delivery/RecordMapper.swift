/// Maps a batch's events to Kafka records (spec: Records). Pure, and without an allocation per event.
///
/// An event without `event`, or whose name was not subscribed, goes to the tenant's dead-letter topic with the reason in its
/// headers (S2.8). An event without `resourceId` is delivered with a null key and counted. A notice goes to the topic of its kind.
///
/// - Receives: batches, from the stream's delivery.
/// - Hands to: the same delivery, their records.
/// - Holds at most: nothing between calls.
public struct RecordMapper: Sendable {
    /// An event name that was subscribed, and where its events go.
    public struct Family: Hashable, Sendable {
        /// The event name.
        public var name: String
        /// Its Kafka topic.
        public var kafkaTopic: String

        /// Events called `name` go to `kafkaTopic`.
        public init(name: String, kafkaTopic: String) {
            self.name = name
            self.kafkaTopic = kafkaTopic
        }
    }

    /// What mapping a batch gave.
    public struct Mapped: Sendable {
        /// The records, in the order of the events.
        public var records: [KafkaRecord]
        /// Events that go to the dead letters.
        public var deadLetterCount = 0
        /// Events without an entity: their key is null.
        public var nullKeyCount = 0
    }

    /// The routes that records name by index: one for each family, then those of `Special`, then one for each family's refused ones.
    public let routes: RecordRoutes
    let familyNames: [[UInt8]]
    /// What dead letters of refused records need.
    public let refused: Refused

    /// Routes of what is not delivered as an event, in the order in which they follow the families.
    enum Special: Int, CaseIterable {
        case missingName, unsubscribed, unreadableMessage, gap
    }

    private func route(_ special: Special) -> Int { self.familyNames.count + special.rawValue }

    /// The dead letters of a family's events that Kafka refuses.
    func routeOfRefused(_ family: Int) -> Int { self.familyNames.count + Special.allCases.count + family }

    /// A mapper for one tenant.
    /// - Parameters:
    ///   - source: the records' `ce_source`, `/genesys/<region>/<tenant>`.
    ///   - families: the event names that were subscribed.
    ///   - deadLetterTopic: the Kafka topic of what cannot be delivered.
    ///   - gapTopic: the Kafka topic of gap records.
    ///   - withHeaders: whether records carry the CloudEvents headers. Dead letters and gaps always carry theirs.
    ///   - refused: what dead letters of refused records need.
    public init(
        source: String,
        families: [Family],
        deadLetterTopic: String,
        gapTopic: String,
        withHeaders: Bool,
        refused: Refused
    ) {
        self.refused = refused
        self.familyNames = families.map { Array($0.name.utf8) }
        let ofFamilies = families.map { family in
            RecordRoute(
                kafkaTopic: family.kafkaTopic,
                headers: withHeaders ? Self.cloudEventsHeaders(source: source, family: family.name) : []
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
        let ofRefused = families.map { family in
            Self.deadLetters(
                deadLetterTopic,
                Self.connectHeaders(family.kafkaTopic, "KAFKA_PRODUCE", "RefusedByKafka", .detail) + Self.cutHeaders
            )
        }
        self.routes = RecordRoutes(ofFamilies + special + ofRefused)
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
        if let notice = batch.notice { return self.map(notice, timestampMilliseconds: receivedAtMilliseconds) }
        var mapped = Mapped(records: [])
        mapped.records.reserveCapacity(batch.events.count)
        // Neighbours mostly belong to one family: try the last one first.
        var lastFamily = 0
        for event in batch.events {
            let route: Int
            if let name = event.name {
                if let family = self.family(of: name, in: batch.bytes, tryFirst: lastFamily) {
                    lastFamily = family
                    route = family
                } else {
                    route = self.route(.unsubscribed)
                }
            } else {
                route = self.route(.missingName)
            }
            let isEvent = route < self.familyNames.count
            if !isEvent { mapped.deadLetterCount += 1 }
            if event.resourceID == nil { mapped.nullKeyCount += 1 }
            mapped.records.append(
                KafkaRecord(
                    route: Int32(route),
                    key: event.resourceID,
                    value: event.value,
                    id: event.id,
                    subject: isEvent ? event.resourceID : nil,
                    time: isEvent ? event.time : nil,
                    timestampMilliseconds: Self.timestamp(of: event) ?? receivedAtMilliseconds
                )
            )
        }
        return mapped
    }

    private func map(_ notice: StreamNotice, timestampMilliseconds: Int64) -> Mapped {
        let special: Special
        switch notice.kind {
        case .gap: special = .gap
        case .unreadableMessage: special = .unreadableMessage
        }
        return Mapped(records: [
            KafkaRecord(
                route: Int32(self.route(special)),
                key: notice.key,
                value: notice.value,
                id: notice.id,
                subject: notice.fullSize,
                time: nil,
                detail: notice.detail,
                timestampMilliseconds: timestampMilliseconds
            )
        ])
    }

    /// The event's own time; nil where it has none, or one before 1970, which Kafka refuses.
    private static func timestamp(of event: NotificationEvent) -> Int64? {
        event.timeMilliseconds.flatMap { $0 >= 0 ? $0 : nil }
    }

    private func family(of name: ByteRange, in bytes: MessageBytes, tryFirst: Int) -> Int? {
        if tryFirst < self.familyNames.count, bytes.equals(name, self.familyNames[tryFirst]) { return tryFirst }
        return self.familyNames.firstIndex { bytes.equals(name, $0) }
    }
}
