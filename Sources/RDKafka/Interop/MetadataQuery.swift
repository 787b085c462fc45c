internal import CRdKafka

/// Asks a broker for metadata. Blocks.
enum MetadataQuery {
    /// All brokers and topics, as one of the brokers knows them.
    static func run(_ client: OpaquePointer, timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaMetadata {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = unsafe rd_kafka_metadata(client, 1, nil, &metadata, timeoutMilliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = unsafe metadata else {
            let code = KafkaErrorCode(code)
            throw KafkaError(code: code, reason: "no metadata from a broker: \(code.libraryText)")
        }
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        return unsafe KafkaMetadata(metadata.pointee)
    }
}

extension KafkaMetadata {
    fileprivate init(_ metadata: rd_kafka_metadata) {
        self.brokers = unsafe Self.map(metadata.brokers, metadata.broker_cnt) { broker in
            unsafe Broker(id: broker.id, address: "\(String(cString: broker.host)):\(broker.port)")
        }
        self.topics = unsafe Self.map(metadata.topics, metadata.topic_cnt) { topic in
            unsafe Topic(
                name: String(cString: topic.topic),
                partitions: Self.map(topic.partitions, topic.partition_cnt) { partition in
                    unsafe Partition(
                        id: partition.id,
                        leader: partition.leader < 0 ? nil : partition.leader,
                        replicas: Self.map(partition.replicas, partition.replica_cnt) { $0 },
                        inSyncReplicas: Self.map(partition.isrs, partition.isr_cnt) { $0 }
                    )
                },
                error: topic.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaErrorCode(topic.err)
            )
        }
    }

    private static func map<Element, Value>(
        _ start: UnsafeMutablePointer<Element>?,
        _ count: Int32,
        _ transform: (Element) -> Value
    ) -> [Value] {
        unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : Int(count)).map(transform)
    }
}
