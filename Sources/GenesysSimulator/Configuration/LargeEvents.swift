/// Some events are larger than the others, in every replay.
public struct LargeEvents: Sendable, Hashable {
    /// Every so many events of a tenant's log, 1 or more: the first of them is not large.
    public var interval: Int
    /// The size of each one's JSON.
    public var bytes: Int

    /// See the properties.
    public init(interval: Int, bytes: Int) {
        self.interval = interval
        self.bytes = bytes
    }
}
