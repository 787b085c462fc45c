import NIOCore

/// The client addresses whose upgrades are refused for a time (S3.4).
struct AddressBlocks: Equatable {
    enum Standing: Equatable {
        case free
        /// Refused for so long. `isViolation`: the client can know.
        case blocked(remaining: TimeAmount, isViolation: Bool)
    }

    private struct Block: Equatable {
        /// When the client was told; nil: who was told is gone.
        var since: NIODeadline?
        var end: NIODeadline
    }

    private let grace: TimeAmount
    private var blocks: [String: Block] = [:]

    /// - Parameter grace: an attempt that arrives so soon after a block began was already under way.
    init(grace: TimeAmount) {
        self.grace = grace
    }

    /// A block that is longer already stays as it is.
    mutating func block(_ address: String, for duration: TimeAmount, now: NIODeadline) {
        self.blocks = self.blocks.filter { $0.value.end > now }
        var block = self.blocks[address] ?? Block(since: now, end: now)
        block.since = block.since ?? now
        block.end = max(block.end, now + duration)
        self.blocks[address] = block
    }

    /// What an attempt meets. A client that is refused has been told.
    mutating func standing(of address: String, now: NIODeadline) -> Standing {
        guard let block = self.blocks[address], now < block.end else { return .free }
        self.blocks[address]?.since = block.since ?? now
        return .blocked(
            remaining: block.end - now,
            isViolation: block.since.map { now >= $0 + self.grace } ?? false
        )
    }

    /// The clients that were told are gone.
    mutating func forget() {
        for address in self.blocks.keys { self.blocks[address]?.since = nil }
    }
}
