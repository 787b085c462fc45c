/// An opaque upstream resume point (S2.2): the decoded JSON string, stored and sent back as it is, never parsed or compared
/// for order.
public struct Position: Hashable, Sendable {
    /// The field that the position came from; it goes back under the same name.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The batch's `lastEventId`.
        case lastEventId
        /// The batch's `timestamp`, where it had no `lastEventId`.
        case timestamp
        /// A place in this bridge's own spool, for a source that cannot replay (C2).
        case spool
    }

    /// Where the position came from.
    public var kind: Kind
    /// The resume point itself.
    public var value: String

    /// A position of `kind`.
    public init(kind: Kind, value: String) {
        self.kind = kind
        self.value = value
    }

    /// Whether both are the same bytes: to Swift's strings another spelling of an accent is the same, to a server it is not.
    public static func == (one: Position, other: Position) -> Bool {
        one.kind == other.kind && one.value.utf8.elementsEqual(other.value.utf8)
    }
}
