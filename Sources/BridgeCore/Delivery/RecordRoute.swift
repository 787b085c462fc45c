/// A Kafka topic and the headers that every record on its way there carries.
public struct RecordRoute: Hashable, Sendable {
    /// The Kafka topic's name.
    public var kafkaTopic: String
    /// The headers, in order.
    public var headers: [RecordHeader]

    /// A route to `kafkaTopic`.
    public init(kafkaTopic: String, headers: [RecordHeader]) {
        self.kafkaTopic = kafkaTopic
        self.headers = headers
    }
}
