import BridgeCore

/// Batches as the adapter would make them of a server's message.
enum SimulatedBatch {
    /// Ids are text: eight digits.
    private static let digits = Array("0123456789abcdef".utf8)
    private static let names = ["users.presence", "routing.queueEvents"].map { Array($0.utf8) }

    /// The message's batches: one, or several where it is large.
    static func batches(of message: StreamMessage, in tenant: TenantUpstream) -> [NotificationBatch] {
        let plan = tenant.world.plan
        let position = message.positionSequence.map { OpaquePosition.position(behind: $0, kind: plan.positionKind) }
        var result: [NotificationBatch] = []
        var rest = message.sequences[...]
        repeat {
            let piece = rest.prefix(plan.pieceEvents)
            rest = rest.dropFirst(piece.count)
            result.append(
                Self.batch(of: piece, in: tenant, position: rest.isEmpty ? position : nil, isLast: rest.isEmpty)
            )
        } while !rest.isEmpty
        return result
    }

    private static func batch(
        of sequences: ArraySlice<Int>,
        in tenant: TenantUpstream,
        position: Position?,
        isLast: Bool
    ) -> NotificationBatch {
        var bytes: [UInt8] = []
        var events: [NotificationEvent] = []
        if !sequences.isEmpty { bytes = Self.names[0] + Self.names[1] }
        let nameRanges = [
            ByteRange(offset: 0, length: UInt32(Self.names[0].count)),
            ByteRange(offset: UInt32(Self.names[0].count), length: UInt32(Self.names[1].count)),
        ]
        for sequence in sequences {
            let event = tenant.log[sequence]
            let start = UInt32(bytes.count)
            for shift in stride(from: 28, through: 0, by: -4) {
                bytes.append(Self.digits[sequence >> shift & 15])
            }
            bytes.append(UInt8(truncatingIfNeeded: event.key >> 8))
            bytes.append(UInt8(truncatingIfNeeded: event.key))
            events.append(
                NotificationEvent(
                    value: ByteRange(offset: start, length: 10),
                    id: ByteRange(offset: start, length: 8),
                    idIsDerived: false,
                    name: nameRanges[event.topic == 0 ? 0 : 1],
                    resourceID: ByteRange(offset: start + 8, length: 2),
                    time: nil,
                    timeMilliseconds: nil
                )
            )
        }
        return NotificationBatch(
            bytes: MessageBytes(bytes),
            events: events,
            position: position,
            batchID: nil,
            endsMessage: isLast
        )
    }

    /// The event that `id` names.
    static func sequence(_ id: ByteRange, in bytes: MessageBytes) -> Int {
        bytes.array(id).reduce(0) { $0 << 4 | (Self.digits.firstIndex(of: $1) ?? 0) }
    }
}
