/// What makes a message unreadable.
public enum MessageDamage: Sendable, Hashable {
    /// Its last brace is another character.
    case invalidJSON
    /// One byte is not UTF-8.
    case invalidUTF8
    /// It has at least so many bytes, 256 MiB at the most; its events are whole.
    case oversized(bytes: Int)
}
