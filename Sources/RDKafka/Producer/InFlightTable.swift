internal import Locking

/// The batches whose reports are outstanding, by slot.
///
/// librdkafka carries a slot and an index through each record instead of a pointer: nothing that comes back is ever
/// dereferenced. A slot is used again once its batch is complete.
final class InFlightTable: Sendable {
    private struct State {
        var batches: [KafkaInFlightBatch?] = []
        var freeSlots: [UInt32] = []
    }

    private let state = Locked(State())

    /// Makes a batch in a free slot and keeps it until `remove`.
    func insert(_ makeBatch: (_ slot: UInt32) -> KafkaInFlightBatch) -> KafkaInFlightBatch {
        self.state.withLock { state in
            let slot = state.freeSlots.popLast() ?? UInt32(state.batches.count)
            let batch = makeBatch(slot)
            if slot < state.batches.count {
                state.batches[Int(slot)] = batch
            } else {
                state.batches.append(batch)
            }
            return batch
        }
    }

    /// The batch of a slot that is in use.
    func batch(at slot: UInt32) -> KafkaInFlightBatch {
        self.state.withLock { state in
            guard let batch = state.batches[Int(slot)] else { preconditionFailure("a report for a finished batch") }
            return batch
        }
    }

    /// Frees a slot that is in use.
    func remove(_ slot: UInt32) {
        self.state.withLock { state in
            precondition(state.batches[Int(slot)] != nil, "a slot was freed twice")
            state.batches[Int(slot)] = nil
            state.freeSlots.append(slot)
        }
    }

    /// All batches, oldest slot first.
    var all: [KafkaInFlightBatch] {
        self.state.withLock { $0.batches.compactMap(\.self) }
    }
}
