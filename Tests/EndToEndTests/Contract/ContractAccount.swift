/// What became of one tenant's events, as Kafka and the simulator have it.
struct ContractAccount: Hashable {
    /// Events that the bridge was sent, or would have been.
    var sent = 0
    /// Of them, those that are neither in Kafka, nor in the dead letters, nor among those that no socket could bring.
    var missing: [AuditedEvent.Place] = []
    var deadLettered = 0
    /// Events that the server never sent to a socket, because of a lost position or a subscription that was left out.
    var skipped = 0
    /// Events that the simulator made so that they belong into the dead letters.
    var altered = 0
    var duplicated = 0
    var duplicatedWithIdentifier = 0
    var outOfOrder = 0
    /// Gap records by their cause.
    var gaps: [String: Int] = [:]
    /// What the client did that it must not.
    var violations: [String: Int] = [:]
    /// Records that the embedded broker dropped before they were read.
    var unread = 0
    /// Whether the simulator has sent everything that it made.
    var isDrained = false
}
