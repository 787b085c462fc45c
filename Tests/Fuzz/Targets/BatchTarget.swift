import BridgeCore

@testable import GenesysCloud

/// Messages: the splitter agrees with the reference parser, and its ranges lie inside of its bytes, whatever the limits.
enum BatchTarget {
    static func run(_ bytes: [UInt8]) {
        var reader = InputReader(bytes)
        let maxEvents = Int(reader.byte())
        let maxBytes = Int(reader.byte()) * 4
        let message = Array(reader.rest)
        var whole = BatchSplitter(maxEventsPerBatch: .max, maxBatchBytes: .max)
        var cutting = BatchSplitter(maxEventsPerBatch: maxEvents, maxBatchBytes: maxBytes)
        do {
            let batches = try whole.split(message.span)
            precondition(batches.count == 1, "cut without a limit")
            let pieces = try cutting.split(message.span)
            (batches + pieces).forEach(Self.checkRanges)
            Self.compare(pieces, to: batches[0])
            Self.compareToReference(batches[0], message)
        } catch {
            precondition((0...message.count).contains(error.offset), "the place of the defect is outside")
            precondition((try? cutting.split(message.span)) == nil, "cut, it is a batch all at once")
            Self.expectRefusal(error, message)
        }
        // Other readers of the same grammar.
        _ = JSONFields(message.span)
    }

    private static func checkRanges(_ batch: NotificationBatch) {
        let count = batch.bytes.count
        for event in batch.events {
            for range in [event.value, event.id, event.name, event.resourceID, event.time] {
                precondition((range?.end ?? 0) <= count, "a range outside of the bytes")
            }
            let value = batch.bytes.array(event.value)
            precondition(value.first == UInt8(ascii: "{") && value.last == UInt8(ascii: "}"), "an event is an object")
        }
    }

    private static func compare(_ pieces: [NotificationBatch], to whole: NotificationBatch) {
        let expected = ReferenceBatch(whole)
        precondition(pieces.flatMap { ReferenceBatch($0).events } == expected.events, "cutting changed the events")
        precondition(pieces.dropLast().allSatisfy { $0.position == nil && !$0.endsMessage })
        precondition(pieces.last?.position == whole.position && pieces.last?.endsMessage == true)
    }

    private static func compareToReference(_ batch: NotificationBatch, _ message: [UInt8]) {
        guard let document = ReferenceParser.parse(message) else { preconditionFailure("accepted what is no JSON") }
        guard var expected = ReferenceBatch(document, bytes: message) else { preconditionFailure("wrong shape") }
        var actual = ReferenceBatch(batch)
        // The one is cut for people.
        if expected.batchID?.utf8.count ?? 0 > BatchSplitter.batchIDByteLimit {
            (expected.batchID, actual.batchID) = (nil, nil)
        }
        precondition(expected == actual, "found other fields than the reference")
    }

    private static func expectRefusal(_ defect: MessageDefect, _ message: [UInt8]) {
        switch defect.reason {
        case .endsEarly, .unexpectedByte, .trailingBytes, .invalidUTF8, .invalidEscape, .controlCharacter,
            .invalidNumber:
            precondition(ReferenceParser.parse(message) == nil, "refused what is JSON")
        case .notAnObject, .eventsNotAnArray, .eventNotAnObject, .notANotification:
            let document = ReferenceParser.parse(message)
            precondition(document.flatMap { ReferenceBatch($0, bytes: message) } == nil, "refused a batch")
        case .tooDeep, .positionTooLong, .tooLarge:
            break
        }
    }
}
