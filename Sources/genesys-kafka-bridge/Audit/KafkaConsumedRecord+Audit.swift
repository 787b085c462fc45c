import RDKafka

extension KafkaConsumedRecord {
    /// Where it stands in an order; nil without a key.
    var place: KeyOrder.Place? {
        self.key.map { KeyOrder.Place(kafkaTopic: self.topic, key: $0) }
    }

    /// The value of the last header of this name.
    func lastHeader(_ name: String) -> [UInt8]? {
        self.headers.last { $0.name == name }?.value
    }
}

extension EventTime {
    /// The time of a record, if it can be that of its event: it is not before the process began that gave it its `ce_id`, and not later than
    /// `nowMilliseconds`. A simulator may write times of another day.
    init?(_ record: KafkaConsumedRecord, noLaterThan nowMilliseconds: Int64 = .max) {
        guard let milliseconds = record.timestampMilliseconds, milliseconds <= nowMilliseconds,
            let identifier = record.lastHeader("ce_id"),
            let began = Int64(
                String(decoding: identifier.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self),
                radix: 16
            ),
            began <= milliseconds
        else { return nil }
        self.init(milliseconds: Int(milliseconds), isOwn: record.lastHeader("ce_time") != nil)
    }
}
