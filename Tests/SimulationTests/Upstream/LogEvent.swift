/// An event in a tenant's log; its place there is its sequence number.
struct LogEvent {
    var topic: Int
    /// The entity whose order matters.
    var key: UInt16
    /// How often a message that holds it arrives broken from now on.
    var brokenCount = 0
    /// Kafka refuses its record, whenever it comes.
    var isTooLarge = false
    /// Whether Kafka has refused it.
    var isRefused = false
}
