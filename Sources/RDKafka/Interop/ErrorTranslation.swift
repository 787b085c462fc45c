internal import CRdKafka

extension KafkaError {
    /// Reads a `rd_kafka_error_t` and destroys it.
    ///
    /// - Parameter error: an error object that the caller owns, or `nil` for "no error".
    /// - Returns: `nil` when there is no error.
    static func consuming(_ error: OpaquePointer?) -> KafkaError? {
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

    /// The error of an error event. Of a fatal one it has the underlying code, which the client instance keeps.
    static func ofEvent(_ event: OpaquePointer, client: OpaquePointer) -> KafkaError {
        if unsafe rd_kafka_event_error_is_fatal(event) != 0, let fatal = unsafe KafkaError.fatal(of: client) {
            return fatal
        }
        let code = unsafe KafkaErrorCode(rd_kafka_event_error(event))
        guard let text = unsafe rd_kafka_event_error_string(event) else { return KafkaError(code: code) }
        return unsafe KafkaError(code: code, reason: String(cString: text))
    }

    /// The fatal error that a client instance has met, or `nil`.
    static func fatal(of client: OpaquePointer) -> KafkaError? {
        unsafe withErrorText { text, capacity in
            let code = unsafe rd_kafka_fatal_error(client, text, capacity)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
            return unsafe KafkaError(code: KafkaErrorCode(code), reason: String(cString: text), isFatal: true)
        }
    }

    /// Lends a zeroed text buffer, for calls that write their reason into one.
    static func withErrorText<Value: ~Copyable>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Value) -> Value {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            unsafe buffer.initialize(repeating: 0)
            return unsafe body(buffer.baseAddress!, buffer.count)
        }
    }
}

extension KafkaLogLine {
    /// The line of a log event, or `nil` if the event has none.
    init?(event: OpaquePointer) {
        var facility: UnsafePointer<CChar>?
        var message: UnsafePointer<CChar>?
        var severity: Int32 = 0
        guard unsafe rd_kafka_event_log(event, &facility, &message, &severity) == 0 else { return nil }
        self.init(
            severity: Int(severity),
            facility: unsafe facility.map { unsafe String(cString: $0) } ?? "",
            message: unsafe message.map { unsafe String(cString: $0) } ?? ""
        )
    }
}
