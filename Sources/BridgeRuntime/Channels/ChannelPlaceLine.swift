internal import BridgeCore
internal import Locking

/// The places for channels beside living ones as the tenant's sessions see them: `ChannelPlaces` behind a lock (C7).
public final class ChannelPlaceLine: Sendable {
    struct Holder: Hashable, Sendable {
        var stream: StreamID
        var channel: ChannelID
    }

    private struct State {
        var places: ChannelPlaces<Holder>
        /// Those in the line, and what wakes them.
        var waiting: [Holder: Wakeup] = [:]
    }

    private let state: Locked<State>

    /// `count` rollovers at a time.
    public init(count: Int) {
        self.state = Locked(State(places: ChannelPlaces(count: count)))
    }

    /// Waits for a place. Returns without one only in a cancelled task.
    func place(for holder: Holder) async {
        let wakeup = self.state.withLock { state -> Wakeup? in
            if state.places.ask(holder) { return nil }
            let wakeup = Wakeup()
            state.waiting[holder] = wakeup
            return wakeup
        }
        await wakeup?.wait()
    }

    /// `holder` needs its place, or its turn, no more.
    func release(_ holder: Holder) {
        let next = self.state.withLock { state -> Wakeup? in
            state.waiting[holder] = nil
            return state.places.release(holder).flatMap { state.waiting.removeValue(forKey: $0) }
        }
        next?.signal()
    }
}
