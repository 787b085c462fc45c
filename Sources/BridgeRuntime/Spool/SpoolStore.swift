/// Where a spool keeps what was received.
public enum SpoolStore: Hashable, Sendable {
    /// In a folder of its own: it survives a crash of the process and of the machine.
    case directory(String)
    /// In memory: it survives an outage of Kafka.
    case memory
}
