/// What the cluster says of itself.
public struct KafkaMetadata: Hashable, Sendable {
    /// A broker.
    public struct Broker: Hashable, Sendable {
        /// Its number.
        public let id: Int32
        /// `host:port`.
        public let address: String
    }

    /// A topic.
    public struct Topic: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its partitions, by number.
        public let partitions: [Partition]
        /// Why the cluster says nothing more of it; `nil` if all is well.
        public let error: KafkaErrorCode?
    }

    /// A partition.
    public struct Partition: Hashable, Sendable {
        /// Its number, from 0.
        public let id: Int32
        /// The broker that leads it; `nil` if none does.
        public let leader: Int32?
        /// Brokers that hold it.
        public let replicas: [Int32]
        /// Those of them that are in sync.
        public let inSyncReplicas: [Int32]
    }

    /// The brokers.
    public let brokers: [Broker]
    /// The topics.
    public let topics: [Topic]

    /// The topic of that name, if the cluster has it.
    public func topic(_ name: String) -> Topic? {
        self.topics.first { $0.name == name }
    }
}
