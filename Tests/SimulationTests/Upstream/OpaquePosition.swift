import BridgeCore

/// Positions as the server writes them: nothing can be read from them, and their order as text is not that of the log.
enum OpaquePosition {
    private static let factor: UInt32 = 0x9E37_79B1
    /// `factor` times this is 1, modulo 2^32.
    private static let inverse: UInt32 = {
        var inverse: UInt32 = 1
        for _ in 0..<5 { inverse = inverse &* (2 &- Self.factor &* inverse) }
        return inverse
    }()

    /// The position behind the event `sequence`; -1: before the first one.
    static func position(behind sequence: Int, kind: Position.Kind) -> Position {
        Position(kind: kind, value: "p\(UInt32(sequence + 1) &* Self.factor)")
    }

    /// The event that `position` lies behind.
    static func sequence(of position: Position) -> Int {
        guard let scrambled = UInt32(position.value.dropFirst()) else { return .max }
        return Int(scrambled &* Self.inverse) - 1
    }
}
