/// An HTTP header. Printing it shows the name only.
public struct WebSocketHeader: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The name, as it is sent.
    public var name: String
    /// The value, as it is sent.
    public var value: String

    /// Makes a header.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// The name.
    public var description: String { self.name }

    /// The name.
    public var customMirror: Mirror { Mirror(self, children: ["name": self.name]) }
}
