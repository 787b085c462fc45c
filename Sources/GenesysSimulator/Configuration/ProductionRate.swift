/// How fast a tenant makes events.
public enum ProductionRate: Sendable, Equatable {
    /// So many a second by the clock, whether anybody listens or not. Zero makes none,
    /// and more than a billion is a billion.
    case eventsPerSecond(Double)
    /// As fast as the socket takes them: there is always one more event.
    case unlimited
}
