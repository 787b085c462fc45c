import BridgeCore

/// A batch as text, made from the reference parser's tree or from what the splitter returned, for comparing the two.
struct ReferenceBatch: Equatable {
    struct Event: Equatable {
        var value: [UInt8]
        var id: String?
        var name: String?
        var resourceID: String?
        var time: String?
        var timeMilliseconds: Int64?
    }

    var batchID: String?
    var position: Position?
    var events: [Event] = []

    /// What the dialect makes of `document`; nil where it is no batch.
    init?(_ document: ReferenceValue, bytes: [UInt8]) {
        guard case .object = document.meaning else { return nil }
        self.batchID = document.member("batchId")?.nonEmptyText
        if let text = document.member("lastEventId")?.nonEmptyText {
            self.position = Position(kind: .lastEventId, value: text)
        } else if let text = document.member("timestamp")?.nonEmptyText {
            self.position = Position(kind: .timestamp, value: text)
        }
        switch document.member("events")?.meaning {
        case nil, .null: break
        case .array(let values):
            for value in values {
                guard case .object = value.meaning else { return nil }
                self.events.append(Event(value, bytes: bytes))
            }
        default: return nil
        }
    }

    /// What the splitter found.
    init(_ batch: NotificationBatch) {
        self.batchID = batch.batchID
        self.position = batch.position
        self.events = batch.events.map { event in
            Event(
                value: batch.bytes.array(event.value),
                id: event.idIsDerived ? nil : batch.bytes.string(event.id),
                name: event.name.map(batch.bytes.string),
                resourceID: event.resourceID.map(batch.bytes.string),
                time: event.time.map(batch.bytes.string),
                timeMilliseconds: event.timeMilliseconds
            )
        }
    }
}

extension ReferenceBatch.Event {
    init(_ value: ReferenceValue, bytes: [UInt8]) {
        self.value = Array(bytes[value.range])
        self.id = value.member("eventId")?.nonEmptyText
        if let number = value.member("eventId"), case .number = number.meaning {
            self.id = String(decoding: bytes[number.range], as: UTF8.self)
        }
        self.name = value.member("event")?.nonEmptyText
        self.resourceID = value.member("resourceId")?.nonEmptyText
        if let text = value.member("timestamp")?.nonEmptyText, let milliseconds = ReferenceDateTime.milliseconds(text) {
            self.time = text
            self.timeMilliseconds = milliseconds
        }
    }
}
