/// When an event of the public notification service came to be, as far as its record says it. Milliseconds since 1970.
struct EventTime: Hashable {
    /// The time.
    var milliseconds: Int
    /// Whether it is the event's own time, when it came to be. Else it is when it was received: it came to be by then.
    var isOwn: Bool
}
