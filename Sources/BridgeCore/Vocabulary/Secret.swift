/// A value that must appear in no log, error, metric or status page (S1.6). Every way of printing it prints a placeholder.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Wraps `value`.
    public init(_ value: String) {
        self.value = value
    }

    /// The value itself, for the one place that sends it. The name is long so that a reader stops at it.
    public var revealed: String { self.value }

    /// A placeholder.
    public var description: String { "<redacted>" }
    /// A placeholder.
    public var debugDescription: String { "<redacted>" }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
