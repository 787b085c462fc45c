import BridgeCore

/// Where and how much of what was received is kept until Kafka has it, for tenants whose source cannot replay (C2).
struct SpoolConfiguration: Hashable, Sendable {
    var store: SpoolStoreKind
    /// The folder that holds the spools' folders.
    var directory: String
    /// Of each stream's spool. Without a defect.
    var policy: SpoolPolicy
}
