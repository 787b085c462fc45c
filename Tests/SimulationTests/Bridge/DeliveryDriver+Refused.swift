import BridgeCore

// What `StreamDelivery+Refused` does.

extension DeliveryDriver {
    struct Treated {
        var bytes: MessageBytes
        var alone: Set<Int> = []
    }

    /// Turns what Kafka refuses into dead letters, and says what is to be sent alone.
    func treat(_ mapped: inout RecordMapper.Mapped, _ contents: inout [RecordInFlight.Content]) -> Treated {
        var treated = Treated(bytes: mapped.bytes)
        guard !self.refused.isEmpty else { return treated }
        var deadLetters: [(index: Int, reason: String)] = []
        let now = self.world.instant
        for (index, record) in mapped.records.enumerated() {
            switch self.refused.treatment(of: record, in: mapped.bytes, now: now) {
            case .ordinary: break
            case .alone: treated.alone.insert(index)
            case .deadLetter(let reason):
                guard self.mapper.isEvent(record) else { continue }
                deadLetters.append((index, reason))
                if case .event(let sequence, _) = contents[index] {
                    contents[index] = .deadLetter(sequences: [sequence])
                }
            }
        }
        if !deadLetters.isEmpty {
            treated.bytes = self.mapper.deadLetter(deadLetters, of: &mapped.records, in: mapped.bytes)
        }
        return treated
    }

    /// Sends a batch piece by piece, each when the one before it is acknowledged: the records at `alone` are pieces of their own.
    func produce(_ batch: ProducedBatch, alone: Set<Int>, from start: Int = 0, done: @escaping () -> Void) {
        let sequence = batch.batch.sequence
        guard start < batch.contents.count else {
            self.inbox.receive(DeliveryReport(sequence: sequence, outcome: .acknowledged))
            return done()
        }
        let isAlone = alone.contains(start)
        var end = start + 1
        while !isAlone, end < batch.contents.count, !alone.contains(end) { end += 1 }
        let piece = batch.piece(start..<end)
        let answer = ReportInbox()
        answer.onReport = { [unowned answer] in
            guard var report = answer.take().first else { return }
            self.process.after(self.world.hop()) {
                guard report.outcome != .acknowledged else {
                    return self.produce(batch, alone: alone, from: end, done: done)
                }
                for index in report.refusals.indices {
                    report.refusals[index].index += start
                    if isAlone, report.refusals[index].extent == .request { report.refusals[index].extent = .record }
                }
                self.inbox.receive(report)
                done()
            }
        }
        self.producer.produce(piece, to: answer) {
            if !piece.batch.part.isLeading { self.producer.settle(tenant: self.tenant.number) }
        }
    }

    /// Remembers what was refused of `batch`.
    func note(_ refusals: [RecordRefusal], of batch: RecordBatch) {
        for refusal in refusals {
            let record = batch.records[refusal.index]
            if self.mapper.isEvent(record) {
                _ = self.refused.refuse(record, in: batch.bytes, refusal, now: self.world.instant)
            } else if self.mapper.isDeadLetter(record) {
                let whole = self.mapper.refused.valueBytesMax
                _ = self.refused.refuseDeadLetter(record, in: batch.bytes, refusal, whole: whole)
            }
        }
    }
}
