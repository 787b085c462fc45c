import BridgeCore
import Locking

/// Gives the events of all sockets of one source their ids.
final class EventIDIssuer: Sendable {
    private let sequence: Locked<EventIDSequence>

    init(_ sequence: EventIDSequence) {
        self.sequence = Locked(sequence)
    }

    func next() -> EventID {
        self.sequence.withLock { $0.next() }
    }
}
