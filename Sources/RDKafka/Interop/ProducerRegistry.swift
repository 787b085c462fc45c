internal import CRdKafka
internal import Synchronization

/// Topics and header templates of a producer; their places are their ids.
@safe struct ProducerRegistry {
    /// Tells this producer's ids from those of all others in this process; 0 is nobody's.
    let producer: UInt32

    private(set) var topics: [OpaquePointer] = unsafe []
    private(set) var headers: [UnsafeMutableBufferPointer<crk_header_t>] = unsafe [.init(start: nil, count: 0)]
    private var topicIDs: [String: KafkaTopicID] = [:]
    private var templates: [HeaderTemplate] = []

    private static let producerCount = Atomic<UInt32>(0)

    init() {
        self.producer = Self.producerCount.add(1, ordering: .relaxed).newValue
    }

    /// Whether the id was given here.
    func has(_ topic: KafkaTopicID) -> Bool { topic.producer == self.producer }

    /// Whether the id was given here, or is `.none`.
    func has(_ template: KafkaHeaderTemplateID) -> Bool {
        template.producer == self.producer || template == .none
    }

    /// The topic's id; the same name gives the same one.
    mutating func topic(_ name: String, client: OpaquePointer) throws(KafkaError) -> KafkaTopicID {
        if let id = self.topicIDs[name] { return id }
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default:
                false
            }
        }
        guard allowed, (1...249).contains(name.utf8.count), name != ".", name != ".." else {
            throw KafkaError(
                code: .invalidTopic,
                reason: "topic \"\(name)\": a name has 1 to 249 of the characters a-z A-Z 0-9 . _ - and is not . or ..",
                action: .configuration
            )
        }
        guard let topic = unsafe rd_kafka_topic_new(client, name, nil) else {
            let code = KafkaErrorCode(rd_kafka_last_error())
            throw KafkaError(code: code, reason: "topic \"\(name)\" refused: \(code.libraryText)")
        }
        let id = unsafe KafkaTopicID(producer: self.producer, index: UInt32(self.topics.count))
        unsafe self.topics.append(topic)
        self.topicIDs[name] = id
        return id
    }

    /// A new template's id; no headers at all is `.none`.
    mutating func headerTemplate(_ headers: [KafkaHeader]) throws(KafkaError) -> KafkaHeaderTemplateID {
        if headers.isEmpty { return .none }
        let template = try HeaderTemplate(headers)
        self.templates.append(template)
        unsafe self.headers.append(template.headers)
        return unsafe KafkaHeaderTemplateID(producer: self.producer, index: UInt32(self.headers.count - 1))
    }

    /// Gives the topics back to librdkafka.
    mutating func destroyTopics() {
        unsafe self.topics.forEach { unsafe rd_kafka_topic_destroy($0) }
        unsafe self.topics.removeAll()
    }
}
