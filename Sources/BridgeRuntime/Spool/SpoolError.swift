/// Why a spool cannot do what it was asked for.
public struct SpoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What to do about it.
    public enum Kind: Hashable, Sendable {
        /// Another process uses the folder (`one-owner`).
        case locked
        /// The disk cannot be read or written; it may work later. What was to be appended is not in the spool, and a loss accounts for it.
        case unavailable
        /// Confirmed entries cannot be read, or are of another version. A person must decide.
        case unreadable
        /// A position that is none of this spool.
        case foreignPosition
        /// The spool has stopped, or whoever waited was cancelled. What was to be appended may or may not be in it.
        case stopped
        /// The policy cannot be kept.
        case invalidPolicy
    }

    /// What to do about it.
    public var kind: Kind
    /// What is wrong, where, and the way out.
    public var description: String

    /// An error of `kind`.
    public init(kind: Kind, description: String) {
        self.kind = kind
        self.description = description
    }
}
