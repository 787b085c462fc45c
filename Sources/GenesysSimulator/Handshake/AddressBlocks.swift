import NIOCore

/// The client addresses whose upgrades are refused for a time (S3.4).
struct AddressBlocks: Equatable {
    enum Standing: Equatable {
        case free
        /// Refused for so long. `isViolation`: the client can know.
        case blocked(remaining: TimeAmount, isViolation: Bool)
    }

    private struct Block: Equatable {
        let since: NIODeadline
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
        block.end = max(block.end, now + duration)
        self.blocks[address] = block
    }

    func standing(of address: String, now: NIODeadline) -> Standing {
        guard let block = self.blocks[address], now < block.end else { return .free }
        return .blocked(remaining: block.end - now, isViolation: now >= block.since + self.grace)
    }
}
