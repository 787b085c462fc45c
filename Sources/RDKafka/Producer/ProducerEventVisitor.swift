/// Who takes what a producer's queue has; called on the poll thread.
protocol ProducerEventVisitor {
    /// `count` records of one batch are on the brokers.
    func persisted(slot: UInt32, count: Int)
    /// One record failed.
    func failed(slot: UInt32, index: Int, status: KafkaDeliveryStatus, code: KafkaErrorCode)
    /// So many records were reported since the last call; librdkafka still counts them.
    func reported(count: Int)
    /// The client, not a record, met an error.
    func error(_ error: KafkaError)
    /// librdkafka logs a line.
    func log(_ line: KafkaLogLine)
}
