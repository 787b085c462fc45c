extension KafkaRecordDescriptor {
    /// Why the descriptor cannot be followed, or `nil`: its ids are another producer's, or a range lies outside of the
    /// batch's bytes.
    @inline(__always)
    func complaint(byteCount: Int, _ registry: ProducerRegistry) -> KafkaError? {
        guard registry.has(self.topic), registry.has(self.headers),
            self.value.fits(in: byteCount), self.key?.fits(in: byteCount) ?? true,
            self.slot0?.fits(in: byteCount) ?? true, self.slot1?.fits(in: byteCount) ?? true,
            self.slot2?.fits(in: byteCount) ?? true, self.slot3?.fits(in: byteCount) ?? true
        else { return self.describedComplaint(byteCount: byteCount, registry) }
        return nil
    }

    @inline(never)
    private func describedComplaint(byteCount: Int, _ registry: ProducerRegistry) -> KafkaError {
        let ranges: [(String, KafkaByteRange?)] = [
            ("value", self.value), ("key", self.key), ("slot0", self.slot0), ("slot1", self.slot1),
            ("slot2", self.slot2), ("slot3", self.slot3),
        ]
        for case (let name, let range?) in ranges where !range.fits(in: byteCount) {
            let end = UInt64(range.offset) + UInt64(range.count)
            return KafkaError(
                code: .invalidArgument,
                reason: "\(name): bytes \(range.offset)..<\(end) lie outside of the batch's \(byteCount) bytes"
            )
        }
        return KafkaError(
            code: .invalidArgument,
            reason: registry.has(self.topic)
                ? "the header template belongs to another producer" : "the topic belongs to another producer"
        )
    }
}
