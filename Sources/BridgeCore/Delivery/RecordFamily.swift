/// An event name that was subscribed, and where its events go.
public struct RecordFamily: Hashable, Sendable {
    /// The event name.
    public var name: String
    /// Where they go whose resource is not among `resources`.
    public var destination: RecordDestination
    /// Resources whose events go somewhere else.
    public var resources: [String: RecordDestination]

    /// Events called `name` go to `destination`, but those about `resources`.
    public init(name: String, destination: RecordDestination, resources: [String: RecordDestination] = [:]) {
        self.name = name
        self.destination = destination
        self.resources = resources
    }

    /// Events called `name` go to `kafkaTopic`, keyed by their entity.
    public init(name: String, kafkaTopic: String, withHeaders: Bool = true) {
        self.init(name: name, destination: .init(kafkaTopic: kafkaTopic, withHeaders: withHeaders))
    }
}
