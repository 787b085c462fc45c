/// How an event of the log differs from what a client expects (S2.8). It stays so in every replay.
enum EventAlteration: String, Equatable, CaseIterable {
    /// Its name is one that nobody can subscribe to.
    case unsubscribed
    /// It has no `event`.
    case withoutName
    /// It has no `resourceId`.
    case withoutResource
    /// It has no `eventId`.
    case withoutIdentifier

    /// The name of an event that is ``unsubscribed``.
    static let unsubscribedName = "simulator.unsubscribed"

    /// The fault that asks for it.
    var fault: FaultKind {
        switch self {
        case .unsubscribed: .unsubscribedEvent
        case .withoutName: .eventWithoutName
        case .withoutResource: .eventWithoutResource
        case .withoutIdentifier: .eventWithoutIdentifier
        }
    }
}
