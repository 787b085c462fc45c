/// How far a `produce` came.
public enum KafkaProduceResult: Hashable, Sendable {
    /// Every record was handed over or refused; the report follows, or has already come.
    case complete
    /// librdkafka's queue is full. Call `waitForRoom()`, then `produce` again: it goes on where it stopped.
    case queueFull
    /// The producer is closed or closing; every record has been or will be reported by the closing.
    case closed
}
