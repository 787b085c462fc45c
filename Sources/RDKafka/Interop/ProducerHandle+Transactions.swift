internal import CRdKafka

extension ProducerHandle {
    /// Makes a call, and blocks until it is done or the time is over. Another thread serves the events meanwhile.
    ///
    /// - Returns: `nil` when it is done.
    func transactionCall(_ call: KafkaTransactionCall, timeoutMilliseconds: Int32) -> KafkaError? {
        let error =
            switch call {
            case .initialise: unsafe rd_kafka_init_transactions(self.client, timeoutMilliseconds)
            case .begin: unsafe rd_kafka_begin_transaction(self.client)
            case .commit: unsafe rd_kafka_commit_transaction(self.client, timeoutMilliseconds)
            case .abort: unsafe rd_kafka_abort_transaction(self.client, timeoutMilliseconds)
            }
        guard let error = unsafe error else { return nil }
        defer { unsafe rd_kafka_error_destroy(error) }
        return unsafe KafkaError(
            code: KafkaErrorCode(rd_kafka_error_code(error)),
            reason: String(cString: rd_kafka_error_string(error)),
            isFatal: rd_kafka_error_is_fatal(error) != 0,
            isRetriable: rd_kafka_error_is_retriable(error) != 0,
            isTransactionAbortable: rd_kafka_error_txn_requires_abort(error) != 0
        )
    }
}
