public import BridgeCore
internal import Locking

/// The counters of one stream. Stages update it once per batch; whoever shows it takes a snapshot.
public final class StreamTelemetry: Sendable {
    private let state: Locked<StreamSnapshot>

    /// Counters of a stream that has not begun.
    public init(stream: StreamID) {
        self.state = Locked(StreamSnapshot(stream: stream))
    }

    /// Changes the counters.
    func update(_ body: (inout sending StreamSnapshot) -> Void) {
        self.state.withLock { body(&$0) }
    }

    /// The counters now.
    public var snapshot: StreamSnapshot {
        self.state.withLock { $0 }
    }
}
