import BridgeCore
import Testing

@Suite("Bounded queue (bounded-bytes)")
struct BoundedQueueTests {
    private func batches(_ queue: inout BoundedQueue<Int>) -> [Int] {
        var result: [Int] = []
        while let element = queue.next() {
            switch element {
            case .batch(let batch): result.append(batch)
            case .fence: result.append(-1)
            }
        }
        return result
    }

    @Test("what is handed on still takes room until it is released (bounded-bytes)")
    func roomUntilReleased() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 100, batches: 10))
        same(queue.offer(1, heldBytes: 60), true)
        same(queue.offer(2, heldBytes: 60), false)
        _ = queue.next()
        same(queue.offer(2, heldBytes: 60), false)
        queue.release(bytes: 60, batches: 1)
        same(queue.offer(2, heldBytes: 60), true)
    }

    @Test("batches are bounded as well as bytes")
    func batchBound() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 1000, batches: 2))
        same(queue.offer(1, heldBytes: 1), true)
        same(queue.offer(2, heldBytes: 1), true)
        same(queue.offer(3, heldBytes: 1), false)
    }

    @Test("what is acknowledged and not committed is bounded with what is in flight: a slow commit holds back")
    func uncommittedBound() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 1000, batches: 2))
        for round in 0..<2 {
            same(queue.offer(round, heldBytes: 1), true)
            same(queue.offer(round, heldBytes: 1), true)
            queue.release(bytes: 2, batches: 2, uncommitted: 2)
        }
        same(queue.offer(5, heldBytes: 1), false)
        #expect(queue.heldBatches == 0 && queue.uncommittedBatches == 4)
        queue.committed(batches: 1)
        same(queue.offer(5, heldBytes: 1), true)
        same(queue.offer(6, heldBytes: 1), false)
    }

    @Test("what no position covers yet waits for no commit, so that a message of many pieces comes through")
    func uncoveredPieces() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 1000, batches: 2))
        for piece in 0..<100 {
            same(queue.offer(piece, heldBytes: 1), true)
            queue.release(bytes: 1, batches: 1)
        }
        same(queue.offer(100, heldBytes: 1), true)
        queue.release(bytes: 1, batches: 1, uncommitted: 101)
        same(queue.offer(101, heldBytes: 1), false)
        queue.committed(batches: 101)
        same(queue.offer(101, heldBytes: 1), true)
    }

    @Test("a batch larger than the bound passes alone, so nothing waits for ever")
    func oversize() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 10, batches: 10))
        same(queue.offer(1, heldBytes: 500), true)
        same(queue.offer(2, heldBytes: 1), false)
        queue.release(bytes: 500, batches: 1)
        same(queue.offer(2, heldBytes: 1), true)
    }

    @Test("a fence comes out behind everything before it, also when that is discarded")
    func fence() {
        var queue = BoundedQueue<Int>(limits: .init(bytes: 100, batches: 10))
        _ = queue.offer(1, heldBytes: 10)
        queue.fence()
        _ = queue.offer(2, heldBytes: 10)
        same(self.batches(&queue), [1, -1, 2])

        _ = queue.offer(3, heldBytes: 10)
        queue.fence()
        same(queue.discard(), 1)
        #expect(queue.heldBytes == 20)
        same(self.batches(&queue), [-1])
    }

    @Test("random traffic never exceeds the bound (bounded-bytes)", arguments: [UInt64(11), 12, 13])
    func randomTraffic(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = BoundedQueue<Int>(limits: .init(bytes: 1000, batches: 20))
        var out: [Int] = []
        for step in 0..<20_000 {
            if Bool.random(using: &random) {
                _ = queue.offer(step, heldBytes: Int.random(in: 1...400, using: &random))
            } else if case .batch(let batch)? = queue.next() {
                out.append(batch)
                // Released late, in any order, as reports come.
                if Bool.random(using: &random) { queue.release(bytes: min(queue.heldBytes, 1), batches: 0) }
            }
            if queue.isEmpty { queue.release(bytes: queue.heldBytes, batches: queue.heldBatches) }
            #expect(queue.heldBytes <= 1000 && queue.heldBatches <= 20, "seed \(seed)")
        }
        #expect(out == out.sorted(), "seed \(seed): first in, first out")
        #expect(out.count > 1000, "seed \(seed): the traffic was real")
    }
}
