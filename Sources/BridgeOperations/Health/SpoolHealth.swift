/// What a tenant's spools hold.
public struct SpoolHealth: Hashable, Sendable, Codable {
    /// Bytes of their segments.
    public var bytes: Int
    /// Bytes that they may have.
    public var bytesMax: Int
    /// Entries that wait to be delivered, about.
    public var entries: UInt64
    /// Seconds since the oldest of them was received; nil where nothing waits.
    public var oldestAgeSeconds: Double?
    /// Batches that were dropped since the start for want of room; gap records account for them.
    public var droppedBatches: UInt64

    /// Spools that hold so much.
    public init(bytes: Int, bytesMax: Int, entries: UInt64, oldestAgeSeconds: Double?, droppedBatches: UInt64) {
        self.bytes = bytes
        self.bytesMax = bytesMax
        self.entries = entries
        self.oldestAgeSeconds = oldestAgeSeconds
        self.droppedBatches = droppedBatches
    }
}
