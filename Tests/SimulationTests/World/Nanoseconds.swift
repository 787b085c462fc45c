import BridgeCore

/// Times and delays of the world.
typealias Nanoseconds = Int64

extension Nanoseconds {
    static let millisecond: Nanoseconds = 1_000_000
    static let second: Nanoseconds = 1_000_000_000
    static let minute: Nanoseconds = 60 * .second
    static let hour: Nanoseconds = 60 * .minute
    static let day: Nanoseconds = 24 * .hour
}

extension Instant {
    /// The instant `delay` later.
    func later(_ delay: Nanoseconds) -> Instant { Instant(nanoseconds: self.nanoseconds + delay) }
}
