extension SpoolContent {
    /// Reads a body of `kind`; nil where that is no such body, whole and nothing but it. All ranges of a batch lie inside of its bytes.
    static func read(kind: UInt8, _ reader: inout ByteReader) -> SpoolContent? {
        let content: SpoolContent?
        switch kind {
        case Kind.batch: content = Self.readBatch(&reader).map { .batch($0) }
        case Kind.loss: content = Self.readLoss(&reader).map { .loss($0) }
        case Kind.mark: content = reader.take(Int64.self).map { .mark(milliseconds: $0) }
        case _: content = nil
        }
        return reader.count == 0 ? content : nil
    }

    private static func readLoss(_ reader: inout ByteReader) -> SpoolLoss? {
        guard let cause = reader.take(UInt8.self).flatMap(SpoolLoss.Cause.init), let flags = reader.take(UInt8.self),
            flags <= 3, let from = reader.take(Int64.self), let to = reader.take(Int64.self),
            let events = reader.take(UInt64.self), let bytes = reader.take(UInt64.self)
        else { return nil }
        return SpoolLoss(
            cause: cause,
            fromMilliseconds: flags & 1 == 0 ? nil : from,
            toMilliseconds: flags & 2 == 0 ? nil : to,
            events: events,
            bytes: bytes
        )
    }

    private static func readBatch(_ reader: inout ByteReader) -> NotificationBatch? {
        guard let flags = reader.take(UInt8.self), flags & ~BatchFlag.all == 0,
            let milliseconds = reader.take(Int64.self), let byteCount = reader.take(UInt32.self),
            let eventCount = reader.take(UInt32.self)
        else { return nil }
        var batchID: String?
        if flags & BatchFlag.hasID != 0 {
            guard let id = reader.takeText() else { return nil }
            batchID = id
        }
        var notice: StreamNotice?
        if flags & BatchFlag.hasNotice != 0 {
            guard let read = Self.readNotice(&reader, within: byteCount) else { return nil }
            notice = read
        }
        // A count that cannot be is refused before memory is asked for.
        guard Int(eventCount) <= reader.count / Self.eventByteCountMin else { return nil }
        var events: [NotificationEvent] = []
        events.reserveCapacity(Int(eventCount))
        for _ in 0..<eventCount {
            guard let event = Self.readEvent(&reader, within: byteCount) else { return nil }
            events.append(event)
        }
        guard let bytes = reader.takeBytes(Int(byteCount)) else { return nil }
        var batch = NotificationBatch(
            bytes: MessageBytes(copying: bytes),
            events: events,
            position: nil,
            batchID: batchID,
            endsMessage: flags & BatchFlag.endsMessage != 0
        )
        batch.notice = notice
        if flags & BatchFlag.hasTime != 0 { batch.receivedAtMilliseconds = milliseconds }
        return batch
    }

    private static func readRange(_ reader: inout ByteReader, within count: UInt32) -> ByteRange? {
        guard let range = reader.takeRange(), range.end <= Int(count) else { return nil }
        return range
    }

    private static func readEvent(_ reader: inout ByteReader, within count: UInt32) -> NotificationEvent? {
        guard let flags = reader.take(UInt8.self), flags & ~EventFlag.all == 0,
            let value = Self.readRange(&reader, within: count), let id = Self.readRange(&reader, within: count)
        else { return nil }
        var event = NotificationEvent(
            value: value,
            id: id,
            idIsDerived: flags & EventFlag.idIsDerived != 0,
            name: nil,
            resourceID: nil,
            time: nil,
            timeMilliseconds: nil
        )
        if flags & EventFlag.hasName != 0 {
            guard let name = Self.readRange(&reader, within: count) else { return nil }
            event.name = name
        }
        if flags & EventFlag.hasResource != 0 {
            guard let resourceID = Self.readRange(&reader, within: count) else { return nil }
            event.resourceID = resourceID
        }
        if flags & EventFlag.hasTime != 0 {
            guard let time = Self.readRange(&reader, within: count) else { return nil }
            event.time = time
        }
        if flags & EventFlag.hasMilliseconds != 0 {
            guard let milliseconds = reader.take(Int64.self) else { return nil }
            event.timeMilliseconds = milliseconds
        }
        return event
    }

    private static func readNotice(_ reader: inout ByteReader, within count: UInt32) -> StreamNotice? {
        let kind: StreamNotice.Kind
        switch reader.take(UInt8.self) {
        case 1:
            guard let cause = reader.takeText().flatMap(GapRecord.Cause.init) else { return nil }
            kind = .gap(cause)
        case 2: kind = .unreadableMessage
        case _: return nil
        }
        guard let key = Self.readRange(&reader, within: count), let value = Self.readRange(&reader, within: count),
            let id = Self.readRange(&reader, within: count), let detail = Self.readRange(&reader, within: count),
            let hasSize = reader.take(UInt8.self), hasSize <= 1
        else { return nil }
        var fullSize: ByteRange?
        if hasSize == 1 {
            guard let range = Self.readRange(&reader, within: count) else { return nil }
            fullSize = range
        }
        return StreamNotice(kind: kind, key: key, value: value, id: id, detail: detail, fullSize: fullSize)
    }
}
