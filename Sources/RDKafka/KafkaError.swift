/// Everything that this module throws or reports.
public struct KafkaError: Error, Hashable, Sendable {
    /// librdkafka's or the broker's code.
    public let code: KafkaErrorCode
    /// What happened, for a person. Never holds a secret of the configuration.
    public let reason: String
    /// librdkafka says that the client instance can do nothing more.
    public let isFatal: Bool
    /// librdkafka says that the same call may be repeated.
    public let isRetriable: Bool
    /// librdkafka says that the current transaction must be aborted, and may then be repeated.
    public let isTransactionAbortable: Bool
    /// What to do about it.
    public let action: KafkaErrorAction

    /// - Parameters:
    ///   - code: librdkafka's or the broker's code.
    ///   - reason: what happened, for a person; without secrets. `nil`: librdkafka's own words for the code.
    ///   - action: what to do about it; `nil`: what the code suggests.
    public init(
        code: KafkaErrorCode,
        reason: String? = nil,
        isFatal: Bool = false,
        isRetriable: Bool = false,
        isTransactionAbortable: Bool = false,
        action: KafkaErrorAction? = nil
    ) {
        self.code = code
        self.reason = reason ?? code.libraryText
        self.isFatal = isFatal || code == .fatal
        self.isRetriable = isRetriable
        self.isTransactionAbortable = isTransactionAbortable
        self.action = self.isFatal ? .fatalForProducer : action ?? code.action
    }

    /// librdkafka's name of the code, e.g. `MSG_SIZE_TOO_LARGE`, `_TRANSPORT`.
    public var name: String { self.code.name }
}

extension KafkaError: CustomStringConvertible {
    /// Name, number and reason.
    public var description: String { "\(self.code): \(self.reason)" }
}

extension KafkaError {
    /// The same failure of a call, with what the client has met meanwhile as its reason.
    func explained(by cause: KafkaError?) -> KafkaError {
        guard let cause, cause.reason != self.reason else { return self }
        return KafkaError(
            code: cause.code.action == .configuration ? cause.code : self.code,
            reason: "\(self.reason): \(cause.reason)",
            isFatal: self.isFatal,
            isRetriable: self.isRetriable,
            isTransactionAbortable: self.isTransactionAbortable
        )
    }

    /// The client was closed before or during the call.
    static let closed = KafkaError(code: .destroyed, reason: "the client is closed")
}
