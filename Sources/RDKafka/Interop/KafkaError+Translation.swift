internal import CRdKafka

extension KafkaError {
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
