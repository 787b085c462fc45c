import BridgeCore
import Testing

@Suite("Delivery ledger (commit-after-ack)")
struct DeliveryLedgerTests {
    private func checkpoint(_ n: Int) -> Checkpoint {
        Checkpoint(position: Position(kind: .lastEventId, value: "\(n)"))
    }

    @Test("only the acknowledged prefix is committed, never the highest seen (commit-after-ack)")
    func prefixOnly() {
        var ledger = DeliveryLedger()
        let batches = (0..<4).map { ledger.open(heldBytes: 10, checkpoint: self.checkpoint($0), receivedAt: Instant()) }
        same(ledger.report(batches[2], acknowledged: true).checkpoint, nil)
        same(ledger.report(batches[1], acknowledged: true).checkpoint, nil)
        let settled = ledger.report(batches[0], acknowledged: true)
        #expect(settled.checkpoint == self.checkpoint(2))
        #expect(settled.releasedBatches == 3)
        #expect(settled.releasedBytes == 10)
        #expect(ledger.outstanding == 1)
    }

    @Test("a piece without a position, and a batch without one, leave the position where it was (S2.5)")
    func withoutPosition() {
        var ledger = DeliveryLedger()
        let first = ledger.open(heldBytes: 1, checkpoint: nil, receivedAt: Instant())
        let second = ledger.open(heldBytes: 1, checkpoint: self.checkpoint(7), receivedAt: Instant())
        same(ledger.report(first, acknowledged: true).checkpoint, nil)
        same(ledger.report(second, acknowledged: true).checkpoint, self.checkpoint(7))
    }

    @Test("nothing behind a batch that was not acknowledged is ever committed (commit-after-ack)")
    func brokenPrefix() {
        var ledger = DeliveryLedger()
        let batches = (0..<5).map { ledger.open(heldBytes: 10, checkpoint: self.checkpoint($0), receivedAt: Instant()) }
        same(ledger.report(batches[0], acknowledged: true).checkpoint, self.checkpoint(0))
        same(ledger.report(batches[1], acknowledged: false).checkpoint, nil)
        #expect(ledger.isBroken)
        for batch in batches[2...] { same(ledger.report(batch, acknowledged: true).checkpoint, nil) }
        same(ledger.empty(), 4)
        #expect(!ledger.isBroken)
        let next = ledger.open(heldBytes: 10, checkpoint: self.checkpoint(1), receivedAt: Instant())
        #expect(next == 5, "a sequence is never used again")
        same(ledger.report(next, acknowledged: true).checkpoint, self.checkpoint(1))
    }

    @Test(
        "against a slow model: any order of reports, failures included (commit-after-ack)",
        arguments: [UInt64(21), 22, 23, 24]
    )
    func againstModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var ledger = DeliveryLedger()
        var open: [UInt64] = []
        var acknowledged: Set<UInt64> = []
        var failed = false
        var positions: [UInt64: Int] = [:]
        var committed = -1
        var count: UInt64 = 0
        for step in 0..<4000 {
            if Bool.random(using: &random) || open.isEmpty {
                let position = Int.random(in: 0..<4, using: &random) == 0 ? nil : step
                let sequence = ledger.open(
                    heldBytes: 1,
                    checkpoint: position.map { self.checkpoint($0) },
                    receivedAt: Instant()
                )
                #expect(sequence == count, "seed \(seed)")
                positions[sequence] = position
                open.append(sequence)
                count += 1
            } else {
                let sequence = open.remove(at: Int.random(in: 0..<open.count, using: &random))
                let isAcknowledged = step < 3000 || Int.random(in: 0..<50, using: &random) != 0
                if isAcknowledged { acknowledged.insert(sequence) } else { failed = true }
                let settlement = ledger.report(sequence, acknowledged: isAcknowledged)
                // The model: walk from the start until the first batch that is not acknowledged.
                var expected = -1
                var walk: UInt64 = 0
                while acknowledged.contains(walk) {
                    expected = positions[walk] ?? expected
                    walk += 1
                }
                if let checkpoint = settlement.checkpoint { committed = Int(checkpoint.position.value) ?? -2 }
                #expect(committed == expected, "seed \(seed), step \(step)")
            }
        }
        #expect(failed, "seed \(seed): the planned failures happened")
    }

    @Test("a position covers the batches since the one before it, and none behind it")
    func coveredBatches() {
        var ledger = DeliveryLedger()
        let batches = [nil, self.checkpoint(1), nil, nil, self.checkpoint(2), nil].map {
            ledger.open(heldBytes: 1, checkpoint: $0, receivedAt: Instant())
        }
        same(ledger.report(batches[0], acknowledged: true).coveredBatches, 0)
        for later in [2, 3, 4] { same(ledger.report(batches[later], acknowledged: true).coveredBatches, 0) }
        same(ledger.report(batches[1], acknowledged: true).coveredBatches, 5)
        let last = ledger.report(batches[5], acknowledged: true)
        #expect(last.coveredBatches == 0 && last.releasedBatches == 1)
    }
}
