// Records that Kafka refused, as dead letters.

extension RecordMapper {
    /// What dead letters of refused records need.
    public struct Refused: Sendable {
        /// Bytes of a value beyond which it is cut.
        public var valueBytesMax: Int
        /// SHA-256 in hexadecimal.
        public var sha256: @Sendable ([UInt8]) -> String

        /// Values of `valueBytesMax` at most, and their digests by `sha256`.
        public init(valueBytesMax: Int, sha256: @escaping @Sendable ([UInt8]) -> String) {
            self.valueBytesMax = valueBytesMax
            self.sha256 = sha256
        }
    }

    /// Bytes of a dead letter's key, id and reason beyond which they are cut: what made a record too large may be any of its parts.
    private static let partBytesMax = 1024

    /// The destination of an event's record; nil for a dead letter and for a gap, which have no other place to go.
    func destination(ofRoute route: Int32) -> Int? {
        Int(route) < self.destinations.entries.count ? Int(route) : nil
    }

    /// Whether `record` is that of an event on the way to its own topic.
    public func isEvent(_ record: KafkaRecord) -> Bool {
        self.destination(ofRoute: record.route) != nil
    }

    /// Whether `record` is a dead letter, of whatever kind.
    public func isDeadLetter(_ record: KafkaRecord) -> Bool {
        let behindDestinations = Int(record.route) - self.destinations.entries.count
        return behindDestinations >= 0 && behindDestinations != Special.gap.rawValue
    }

    /// Cuts the values of the dead letters at these indexes to `bytesMax` bytes, with the whole size and digest in their headers. Returns
    /// the bytes that all records point into then.
    public func cut(
        _ deadLetters: [Int],
        to bytesMax: Int,
        of records: inout [KafkaRecord],
        in bytes: MessageBytes
    ) -> MessageBytes {
        var tail: [UInt8] = []
        func place(_ text: String) -> ByteRange {
            let start = tail.count
            tail += text.utf8
            return ByteRange(offset: UInt32(bytes.count + start), length: UInt32(tail.count - start))
        }
        for index in deadLetters {
            let value = records[index].value
            if records[index].subject == nil {
                records[index].subject = place("\(value.count)")
                records[index].time = place(self.refused.sha256(bytes.array(value)))
            }
            records[index].value.length = min(value.length, UInt32(clamping: bytesMax))
        }
        return tail.isEmpty ? bytes : bytes.copy(appending: tail)
    }

    /// Turns the records at these indexes into dead letters, each with its reason. Returns the bytes that all records point into then.
    public func deadLetter(
        _ refused: [(index: Int, reason: String)],
        of records: inout [KafkaRecord],
        in bytes: MessageBytes
    ) -> MessageBytes {
        var tail: [UInt8] = []
        func place(_ text: some Sequence<UInt8>) -> ByteRange {
            let start = tail.count
            tail += text
            return ByteRange(offset: UInt32(bytes.count + start), length: UInt32(tail.count - start))
        }
        for (index, reason) in refused {
            guard let destination = self.destination(ofRoute: records[index].route) else { continue }
            var record = records[index]
            record.route = Int32(self.routeOfRefused(destination))
            record.subject = place("\(record.value.count)".utf8)
            record.time = place(self.refused.sha256(bytes.array(record.value)).utf8)
            record.detail = place(reason.utf8.prefix(Self.partBytesMax))
            record.value.length = min(record.value.length, UInt32(clamping: self.refused.valueBytesMax))
            record.id.length = min(record.id.length, UInt32(Self.partBytesMax))
            if let key = record.key {
                record.key?.length = min(key.length, UInt32(Self.partBytesMax))
            }
            records[index] = record
        }
        return bytes.copy(appending: tail)
    }
}
