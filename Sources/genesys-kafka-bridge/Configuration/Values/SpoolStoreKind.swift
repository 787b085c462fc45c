/// Where a spool keeps what was received until Kafka has it.
enum SpoolStoreKind: String, CaseIterable, Hashable, Sendable {
    /// Files in a folder of this instance's own.
    case directory
    /// This process: what is in it does not survive it.
    case memory
}
