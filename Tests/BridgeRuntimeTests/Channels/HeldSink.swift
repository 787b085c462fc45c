import BridgeCore
import BridgeRuntime
import Locking

/// Takes what it is given, and says of events that it has them once it is let go.
final class HeldSink: ChannelSink {
    private struct State {
        var isHeld = false
        var calls: [[String]] = []
    }

    private let state = Locked(State())
    private let letGo = Wakeup()

    /// The values of the events of each call, in order.
    var calls: [[String]] { self.state.withLock { $0.calls } }

    /// From now on no call with events returns.
    func hold() { self.state.withLock { $0.isHeld = true } }

    /// The call under way returns, and all behind it.
    func release() {
        self.state.withLock { $0.isHeld = false }
        self.letGo.signal()
    }

    func keep(_ batches: [NotificationBatch]) async -> Bool {
        let values = batches.flatMap { batch in batch.events.map { batch.bytes.string($0.value) } }
        let isHeld = self.state.withLock { state in
            // Gaps come when they like.
            guard !values.isEmpty else { return false }
            state.calls.append(values)
            return state.isHeld
        }
        if isHeld { await self.letGo.wait() }
        return true
    }

    func covered(untilMilliseconds _: Int64) async {}
}
