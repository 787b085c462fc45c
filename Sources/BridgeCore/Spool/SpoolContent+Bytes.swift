/// The body of a frame, version 1. Numbers are stored least significant byte first.
///
/// | Content | Body |
/// |---|---|
/// | batch | flags (1), receive time in ms (8), count of bytes (4), count of events (4), `batchID` (4 + n) and notice where there is one, events, bytes |
/// | loss | cause (1), flags (1), from (8), to (8), events (8), bytes (8) |
/// | mark | time in ms (8) |
///
/// An event is its flags (1) and the ranges (8 each) that it has; a notice its kind (1), its gap's cause (4 + n) and its ranges.
extension SpoolContent {
    static let lossByteCount = 34
    static let markByteCount = 8
    static let batchByteCount = 17
    static let eventByteCountMin = 17

    enum Kind {
        static let batch: UInt8 = 1
        static let loss: UInt8 = 2
        static let mark: UInt8 = 3
    }

    enum BatchFlag {
        static let endsMessage: UInt8 = 1
        static let hasID: UInt8 = 2
        static let hasNotice: UInt8 = 4
        static let hasTime: UInt8 = 8
        static let all: UInt8 = 15
    }

    enum EventFlag {
        static let idIsDerived: UInt8 = 1
        static let hasName: UInt8 = 2
        static let hasResource: UInt8 = 4
        static let hasTime: UInt8 = 8
        static let hasMilliseconds: UInt8 = 16
        static let all: UInt8 = 31
    }

    /// What kind of content a frame says it has.
    var kind: UInt8 {
        switch self {
        case .batch: Kind.batch
        case .loss: Kind.loss
        case .mark: Kind.mark
        }
    }

    /// How many bytes its body takes.
    var bodyByteCount: Int {
        switch self {
        case .loss: return Self.lossByteCount
        case .mark: return Self.markByteCount
        case .batch(let batch):
            var count = Self.batchByteCount + batch.bytes.count
            if let id = batch.batchID { count += 4 + id.utf8.count }
            if let notice = batch.notice { count += Self.byteCount(of: notice) }
            for event in batch.events {
                count += Self.eventByteCountMin
                if event.name != nil { count += 8 }
                if event.resourceID != nil { count += 8 }
                if event.time != nil { count += 8 }
                if event.timeMilliseconds != nil { count += 8 }
            }
            return count
        }
    }

    /// Appends its body.
    func write(to writer: inout ByteWriter) {
        switch self {
        case .batch(let batch): Self.write(batch, to: &writer)
        case .loss(let loss):
            writer.put(loss.cause.rawValue)
            writer.put(UInt8((loss.fromMilliseconds == nil ? 0 : 1) + (loss.toMilliseconds == nil ? 0 : 2)))
            writer.put(loss.fromMilliseconds ?? 0)
            writer.put(loss.toMilliseconds ?? 0)
            writer.put(loss.events)
            writer.put(loss.bytes)
        case .mark(let milliseconds): writer.put(milliseconds)
        }
    }

    private static func byteCount(of notice: StreamNotice) -> Int {
        let count = 1 + 4 * 8 + 1 + (notice.fullSize == nil ? 0 : 8)
        switch notice.kind {
        case .gap(let cause): return count + 4 + cause.rawValue.utf8.count
        case .unreadableMessage: return count
        }
    }

    private static func write(_ batch: NotificationBatch, to writer: inout ByteWriter) {
        var flags: UInt8 = 0
        if batch.endsMessage { flags |= BatchFlag.endsMessage }
        if batch.batchID != nil { flags |= BatchFlag.hasID }
        if batch.notice != nil { flags |= BatchFlag.hasNotice }
        if batch.receivedAtMilliseconds != nil { flags |= BatchFlag.hasTime }
        writer.put(flags)
        writer.put(batch.receivedAtMilliseconds ?? 0)
        writer.put(UInt32(batch.bytes.count))
        writer.put(UInt32(batch.events.count))
        if let id = batch.batchID { writer.put(text: id) }
        if let notice = batch.notice { Self.write(notice, to: &writer) }
        for event in batch.events { Self.write(event, to: &writer) }
        batch.bytes.append(ByteRange(offset: 0, length: UInt32(batch.bytes.count)), to: &writer.bytes)
    }

    private static func write(_ notice: StreamNotice, to writer: inout ByteWriter) {
        switch notice.kind {
        case .gap(let cause):
            writer.put(UInt8(1))
            writer.put(text: cause.rawValue)
        case .unreadableMessage: writer.put(UInt8(2))
        }
        for range in [notice.key, notice.value, notice.id, notice.detail] { writer.put(range) }
        writer.put(UInt8(notice.fullSize == nil ? 0 : 1))
        if let fullSize = notice.fullSize { writer.put(fullSize) }
    }

    private static func write(_ event: NotificationEvent, to writer: inout ByteWriter) {
        var flags: UInt8 = event.idIsDerived ? EventFlag.idIsDerived : 0
        if event.name != nil { flags |= EventFlag.hasName }
        if event.resourceID != nil { flags |= EventFlag.hasResource }
        if event.time != nil { flags |= EventFlag.hasTime }
        if event.timeMilliseconds != nil { flags |= EventFlag.hasMilliseconds }
        writer.put(flags)
        writer.put(event.value)
        writer.put(event.id)
        if let name = event.name { writer.put(name) }
        if let resourceID = event.resourceID { writer.put(resourceID) }
        if let time = event.time { writer.put(time) }
        if let milliseconds = event.timeMilliseconds { writer.put(milliseconds) }
    }
}
