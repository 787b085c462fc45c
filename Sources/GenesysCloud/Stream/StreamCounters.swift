import Locking

/// Counts what comes over one stream's sockets, one after the other. Changed once a message.
public final class StreamCounters: Sendable {
    private let counts = Locked(StreamCounts())

    /// Nothing counted yet.
    public init() {}

    /// The counts so far.
    public var current: StreamCounts { self.counts.withLock { $0 } }

    /// A message came; `eventCount` is nil where it was no batch.
    func count(byteCount: Int, frameCount: Int, eventCount: Int?) {
        self.counts.withLock { counts in
            counts.bytes &+= UInt64(byteCount)
            counts.fragmentedMessages &+= frameCount > 1 ? 1 : 0
            if let eventCount {
                counts.messages &+= 1
                counts.events &+= UInt64(eventCount)
            } else {
                counts.defectiveMessages &+= 1
            }
        }
    }
}
