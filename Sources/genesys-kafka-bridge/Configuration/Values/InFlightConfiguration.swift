/// The bound on what the process holds between its sockets and Kafka's acknowledgements.
struct InFlightConfiguration: Hashable, Sendable {
    /// Batches of one stream.
    var batches: Int
    /// Bytes of all tenants of the process together; each has an equal part.
    var bytes: Int
}
