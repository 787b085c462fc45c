/// The fixed routes of one stream. A class, so that a producer can keep what it prepared for them under their identity.
public final class RecordRoutes: Sendable {
    /// The routes; a record names one by its index.
    public let routes: [RecordRoute]

    /// The given routes.
    public init(_ routes: [RecordRoute]) {
        self.routes = routes
    }
}
