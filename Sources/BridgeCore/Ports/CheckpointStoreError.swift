/// Why a checkpoint could not be read or written.
public struct CheckpointStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What to do about it.
    public enum Kind: Hashable, Sendable {
        /// The stored bytes are torn, corrupt, or of a version that this build does not know. A person must decide.
        case unreadable
        /// Another instance holds the store (`one-owner`).
        case locked
        /// The store cannot be reached or written; it may work later.
        case unavailable
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
