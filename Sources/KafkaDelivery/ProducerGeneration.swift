internal import BridgeCore
internal import Locking
internal import RDKafka
internal import Synchronization

/// One librdkafka producer of the several that a process may need in its life, with what was prepared for it.
final class ProducerGeneration: Sendable {
    /// A route as the producer knows it.
    struct Route: Sendable {
        var topic: KafkaTopicID
        var headers: KafkaHeaderTemplateID
    }

    /// The slots of a header template that a record's own bytes fill.
    enum Slot {
        static let id = 0
        static let subject = 1
        static let time = 2
        static let detail = 3
    }

    /// Whether the producer has written something. Batches under way hold this, and not the producer.
    final class Work: Sendable {
        private let isDone = Atomic(false)

        var hasWorked: Bool { self.isDone.load(ordering: .relaxed) }

        func wrote() { self.isDone.store(true, ordering: .relaxed) }
    }

    let producer: KafkaProducer
    let work = Work()
    private let prepared = Locked<[ObjectIdentifier: Prepared]>([:])

    private struct Prepared {
        var routes: [Route]
        /// Kept, so that the identity under which it is stored stays its own.
        var owner: RecordRoutes
    }

    init(_ producer: KafkaProducer) {
        self.producer = producer
    }

    /// Topic and header handles of `routes`; registered the first time.
    func prepare(_ routes: RecordRoutes) throws(KafkaError) -> [Route] {
        let identity = ObjectIdentifier(routes)
        if let prepared = self.prepared.withLock({ $0[identity] }) { return prepared.routes }
        var result: [Route] = []
        for route in routes.routes {
            let headers = route.headers.map { header in
                KafkaHeader(name: header.name, value: Self.value(header.value))
            }
            let template = headers.isEmpty ? .none : try self.producer.headerTemplate(headers)
            result.append(Route(topic: try self.producer.topic(route.kafkaTopic), headers: template))
        }
        let prepared = Prepared(routes: result, owner: routes)
        self.prepared.withLock { $0[identity] = prepared }
        return result
    }

    private static func value(_ value: RecordHeader.Value) -> KafkaHeader.Value {
        switch value {
        case .constant(let text): .constant(Array(text.utf8))
        case .id: .slot(Slot.id)
        case .subject: .slot(Slot.subject)
        case .time: .slot(Slot.time)
        case .detail: .slot(Slot.detail)
        }
    }
}
