internal import BridgeCore
internal import Logging

// What Kafka refused, when it comes again.

extension StreamDelivery {
    /// How the records of a batch are sent where Kafka has refused something before.
    struct Treated {
        /// What the records point into.
        var bytes: MessageBytes
        /// Indexes of records that are sent alone.
        var alone: Set<Int> = []
    }

    /// Turns what Kafka refuses into dead letters, and says what is to be sent alone.
    func treat(_ mapped: inout RecordMapper.Mapped, of batch: NotificationBatch) -> Treated {
        var treated = Treated(bytes: mapped.bytes)
        guard !self.refused.isEmpty else { return treated }
        var deadLetters: [(index: Int, reason: String)] = []
        let now = self.clock.now
        for (index, record) in mapped.records.enumerated() where self.mapper.isEvent(record) {
            switch self.refused.treatment(of: record, in: mapped.bytes, now: now) {
            case .ordinary: break
            case .alone: treated.alone.insert(index)
            case .deadLetter(let reason): deadLetters.append((index, reason))
            }
        }
        if !deadLetters.isEmpty {
            treated.bytes = self.mapper.deadLetter(deadLetters, of: &mapped.records, in: mapped.bytes)
            mapped.deadLetterCount += deadLetters.count
        }
        self.cutDeadLetters(&mapped, &treated)
        return treated
    }

    /// Cuts what the dead letters' topic does not take. What was cut, or refused among others, is sent alone: it may be refused again.
    private func cutDeadLetters(_ mapped: inout RecordMapper.Mapped, _ treated: inout Treated) {
        var tooLarge: [Int] = []
        let now = self.clock.now
        for (index, record) in mapped.records.enumerated() where self.mapper.isDeadLetter(record) {
            if let bytesMax = self.refused.deadLetterBytesMax, record.value.count > bytesMax {
                tooLarge.append(index)
            } else if self.refused.treatment(of: record, in: treated.bytes, now: now) == .alone {
                treated.alone.insert(index)
            }
        }
        guard let bytesMax = self.refused.deadLetterBytesMax, !tooLarge.isEmpty else { return }
        treated.alone.formUnion(tooLarge)
        treated.bytes = self.mapper.cut(tooLarge, to: bytesMax, of: &mapped.records, in: treated.bytes)
    }

    /// Sends a batch piece by piece, each when the one before it is acknowledged: the records at `alone` are pieces of their own.
    ///
    /// Nothing else of the stream is under way. The batch gets one report, as any other.
    func produce(_ batch: RecordBatch, alone: Set<Int>) async {
        var start = 0
        while start < batch.records.count {
            let isAlone = alone.contains(start)
            var end = start + 1
            if !isAlone {
                while end < batch.records.count, !alone.contains(end) { end += 1 }
            }
            var piece = batch
            piece.records = Array(batch.records[start..<end])
            piece.part = end < batch.records.count ? .leading(isFirst: start == 0) : start == 0 ? .whole : .last
            let answer = DeliveryReportInbox()
            await self.producer.produce(piece, reportTo: answer)
            if !piece.part.isLeading { await self.producer.settle(self.stream) }
            guard var report = await answer.next().first else {
                let outcome = DeliveryReport.Outcome.unknown(reason: "the process ends")
                return self.inbox.receive(DeliveryReport(sequence: batch.sequence, outcome: outcome))
            }
            guard report.outcome == .acknowledged else {
                for index in report.refusals.indices {
                    report.refusals[index].index += start
                    if isAlone, report.refusals[index].extent == .request { report.refusals[index].extent = .record }
                }
                return self.inbox.receive(report)
            }
            start = end
        }
        self.inbox.receive(DeliveryReport(sequence: batch.sequence, outcome: .acknowledged))
    }

    /// Remembers what was refused of `batch`.
    func note(_ refusals: [RecordRefusal], of batch: RecordBatch) {
        let now = self.clock.now
        // A refused topic says so of each of its records.
        var told: Set<Int32> = []
        for refusal in refusals {
            let record = batch.records[refusal.index]
            guard self.mapper.isEvent(record) else {
                self.note(refusal, ofDeadLetter: record, in: batch.bytes)
                continue
            }
            guard self.refused.refuse(record, in: batch.bytes, refusal, now: now) else { continue }
            if refusal.extent == .topic, !told.insert(record.route).inserted { continue }
            self.logger.error(
                refusal.extent == .topic
                    ? "Kafka refuses a topic: its events go to the dead letters for a minute, then it is tried again"
                    : "Kafka refuses a record, also when it is sent alone: it goes to the dead letters",
                metadata: [
                    "kafkaTopic": "\(self.mapper.routes.routes[Int(record.route)].kafkaTopic)",
                    "id": "\(batch.bytes.string(record.id).prefix(200))", "bytes": "\(record.value.count)",
                    "reason": "\(refusal.reason)",
                ]
            )
        }
    }

    private func note(_ refusal: RecordRefusal, ofDeadLetter record: KafkaRecord, in bytes: MessageBytes) {
        guard self.mapper.isDeadLetter(record),
            let bytesMax = self.refused.refuseDeadLetter(
                record,
                in: bytes,
                refusal,
                whole: self.mapper.refused.valueBytesMax
            )
        else { return }
        self.logger.error(
            "Kafka refuses a dead letter for its size: dead letters of this stream are cut from now on",
            metadata: ["bytes": "\(record.value.count)", "bytesMax": "\(bytesMax)", "reason": "\(refusal.reason)"]
        )
    }
}
