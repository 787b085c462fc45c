/// Resources that a subscription may name by kind.
enum ResourceKind: String, CaseIterable, Sendable {
    case queues
    case users
}
