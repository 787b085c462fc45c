import BridgeCore

/// A batch's own bytes, and its events with ranges into them.
struct BatchPiece {
    /// The events' part of the message and, behind it, their decoded strings and derived ids: exactly sized.
    let bytes: MessageBytes
    /// The events.
    let events: [NotificationEvent]

    /// Copies the part of `message` from the first of `events` to the last, and moves the events' ranges to the copy.
    init(
        _ events: consuming [NotificationEvent],
        cut: BatchCut,
        message: Span<UInt8>,
        tail: [UInt8],
        derivedIDs: DerivedIDs
    ) {
        var events = events
        let slice = events[0].value.start..<events[events.count - 1].value.end
        let move = RangeMove(messageCount: message.count, slice: slice, tailStart: cut.tailStart)
        var ownTail = cut.tailStart == cut.tailEnd ? [] : Array(tail[cut.tailStart..<cut.tailEnd])
        for index in events.indices {
            var event = events[index]
            if let time = event.time {
                event.timeMilliseconds =
                    time.start < message.count
                    ? DateTime.milliseconds(of: message.extracting(time.start..<time.end))
                    : DateTime.milliseconds(
                        of: tail.span.extracting(time.start - message.count..<time.end - message.count)
                    )
                event.time = event.timeMilliseconds == nil ? nil : move.moved(time)
            }
            if event.idIsDerived {
                let start = slice.count + ownTail.count
                let bytes = message.extracting(event.value.start..<event.value.end)
                derivedIDs.append(index: cut.start + index, event: bytes, to: &ownTail)
                event.id = ByteRange(start..<slice.count + ownTail.count)
            } else {
                event.id = move.moved(event.id)
            }
            event.value = move.moved(event.value)
            event.name = event.name.map(move.moved)
            event.resourceID = event.resourceID.map(move.moved)
            events[index] = event
        }
        self.bytes = MessageBytes(copying: message.extracting(slice), appending: ownTail)
        self.events = events
    }
}
