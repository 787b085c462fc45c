/// The admin server.
struct AdminConfiguration: Hashable, Sendable {
    /// Nil: there is none.
    var listen: ListenAddress?
}
