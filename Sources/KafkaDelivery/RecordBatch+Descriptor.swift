internal import BridgeCore
internal import RDKafka

extension RecordBatch {
    /// The record at `index` as librdkafka takes it. `routes` are the batch's own, prepared.
    @inline(__always)
    func descriptor(at index: Int, _ routes: [ProducerGeneration.Route]) -> KafkaRecordDescriptor {
        let record = self.records[index]
        let route = routes[Int(record.route)]
        return KafkaRecordDescriptor(
            topic: route.topic,
            key: record.key?.kafka,
            value: record.value.kafka,
            timestampMilliseconds: record.timestampMilliseconds,
            headers: route.headers,
            slot0: record.id.kafka,
            slot1: record.subject?.kafka,
            slot2: record.time?.kafka,
            slot3: record.detail?.kafka
        )
    }
}
