/// What to do about a message that is not a batch.
public enum UnreadableChoice: Hashable, Sendable {
    /// Close the socket and resume: perform these.
    case resume([SessionAction])
    /// Put its bytes into the dead letters and record this gap, then read on.
    case skip(StreamGap)
    /// The socket is being left: the source sends it again.
    case ignore
}
