@testable import BridgeCore

/// Contents for spools, and their bytes.
enum SpoolSample {
    /// A batch whose one event is `size` bytes that follow from `number`.
    static func batch(_ number: Int, size: Int = 40, receivedAt: Int64 = 1_000) -> NotificationBatch {
        let text = Array("{\"n\":\(number),\"".utf8)
        let filler = (0..<max(0, size - text.count)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
        let bytes = text + filler
        let value = ByteRange(offset: 0, length: UInt32(bytes.count))
        let id = ByteRange(offset: 1, length: 3)
        let event = NotificationEvent(
            value: value,
            id: id,
            idIsDerived: number % 2 == 0,
            name: number % 3 == 0 ? nil : ByteRange(offset: 0, length: 2),
            resourceID: number % 5 == 0 ? nil : ByteRange(offset: 2, length: 2),
            time: number % 7 == 0 ? nil : ByteRange(offset: 3, length: 1),
            timeMilliseconds: number % 4 == 0 ? nil : Int64(number) &* -7
        )
        var batch = NotificationBatch(
            bytes: MessageBytes(bytes),
            events: number % 11 == 0 ? [] : number % 6 == 0 ? [event, event] : [event],
            position: nil,
            batchID: number % 2 == 0 ? nil : "b-\(number) é",
            endsMessage: number % 3 != 1
        )
        batch.receivedAtMilliseconds = receivedAt
        return batch
    }

    static let gap = GapRecord(
        stream: StreamID(tenant: "acme", stream: "0"),
        subscriptions: ["a", "b"],
        from: nil,
        to: nil,
        cause: .disconnect,
        certainty: .possible,
        resolution: .open,
        noticedAtMilliseconds: 5
    )

    /// One of everything.
    static var all: [SpoolContent] {
        var contents: [SpoolContent] = (0..<14).map { .batch(Self.batch($0)) }
        var notice = NotificationBatch(Self.gap)
        notice.receivedAtMilliseconds = -3
        contents.append(.batch(notice))
        let unreadable = UnreadableMessage(
            bytes: MessageBytes([0, 255, 83, 112, 1]),
            byteCount: 9,
            sha256: "00ff",
            reason: "not JSON",
            closeCode: 1007
        )
        contents.append(.batch(NotificationBatch(unreadable, of: Self.gap.stream)))
        contents.append(
            .batch(
                NotificationBatch(bytes: MessageBytes([]), events: [], position: nil, batchID: "", endsMessage: true)
            )
        )
        for cause in SpoolLoss.Cause.allCases {
            contents.append(
                .loss(.init(cause: cause, fromMilliseconds: nil, toMilliseconds: 7, events: 1, bytes: .max))
            )
            contents.append(.loss(.init(cause: cause, fromMilliseconds: -7, toMilliseconds: nil, events: 0, bytes: 0)))
        }
        contents.append(.mark(milliseconds: .max))
        return contents
    }

    /// Everything that tells two contents apart.
    static func text(_ content: SpoolContent) -> String {
        switch content {
        case .batch(let batch):
            let all = batch.bytes.array(ByteRange(offset: 0, length: UInt32(batch.bytes.count)))
            let id = batch.batchID ?? "-"
            let notice = batch.notice.map { "\($0)" } ?? ""
            let events = batch.events.map { "\($0.hashValue)" }.joined(separator: " ")
            let sum = CRC32C.checksum(all, 0..<all.count)
            return
                "\(all.count) \(sum) \(events) \(id) \(batch.endsMessage) \(notice) \(batch.receivedAtMilliseconds ?? 0)"
        case .loss(let loss): return "\(loss)"
        case .mark(let milliseconds): return "mark \(milliseconds)"
        }
    }

    /// A segment with `contents`, whose entries each share a sync with those of their group.
    static func segment(first: UInt64, groups: [[SpoolContent]]) -> (bytes: [UInt8], ends: [Int]) {
        var bytes = SpoolSegmentHeader.bytes(first: first)
        var ends: [Int] = []
        var sequence = first
        for (index, group) in groups.enumerated() {
            let durable = index == 0 ? 0 : bytes.count
            for content in group {
                SpoolFrame.append(SpoolEntry(sequence: sequence, content: content), durable: durable, to: &bytes)
                sequence += 1
                ends.append(bytes.count)
            }
        }
        return (bytes, ends)
    }

    /// What a reader of a segment says, in short.
    static func read(_ bytes: [UInt8], first: UInt64, end: UInt64?) -> [String] {
        var reader = SpoolSegmentReader(bytes, from: SpoolSegmentHeader.byteCount, expected: first, end: end)
        var items: [String] = []
        while let item = reader.next() {
            switch item {
            case .entry(let entry, _): items.append("\(entry.sequence)")
            case .missing(let first, let count, _): items.append("missing \(first)+\(count)")
            case .torn(let byteCount): items.append("torn \(byteCount)")
            }
        }
        return items
    }
}
