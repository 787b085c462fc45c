/// What a channel machine is doing, for readiness and people.
public enum ChannelStatus: Hashable, Sendable {
    /// Not started, or nothing is wanted.
    case idle
    /// On the way to its first live socket.
    case connecting
    /// At least one socket is live.
    case live
    /// No socket is live; the way back is under way.
    case recovering
    /// No socket is live, and nothing is tried before a pause ends.
    case backingOff(reason: String)
    /// Somebody else took the channel or the quota (C6); `count` times within the last hour. Not ready.
    case evicted(reason: String, count: Int)
    /// The server refuses what is asked: a person has to act. Not ready.
    case refused(reason: String)
    /// Closing.
    case stopping
    /// Over.
    case finished

    /// Whether events come.
    public var isReady: Bool {
        switch self {
        case .live: true
        case .idle, .connecting, .recovering, .backingOff, .evicted, .refused, .stopping, .finished: false
        }
    }

    /// One word of a fixed set.
    public var name: String {
        switch self {
        case .idle: "idle"
        case .connecting: "connecting"
        case .live: "live"
        case .recovering: "recovering"
        case .backingOff: "backing-off"
        case .evicted: "evicted"
        case .refused: "refused"
        case .stopping: "stopping"
        case .finished: "finished"
        }
    }
}
