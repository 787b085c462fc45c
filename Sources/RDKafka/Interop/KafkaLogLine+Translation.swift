internal import CRdKafka

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
