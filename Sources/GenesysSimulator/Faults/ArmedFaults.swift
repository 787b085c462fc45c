/// Faults of a tenant that lie in wait for its next requests.
struct ArmedFaults: Equatable {
    private var rejectedUpgrades: [Int] = []
    private var refusedTokens: [Int] = []
    private var inclusiveReplayCount = 0
    private var lostPositionCount = 0

    /// Keeps at most this many of a kind.
    private static let countMax = 10_000

    /// False when the fault is one of a stream.
    mutating func arm(_ fault: Fault) -> Bool {
        switch fault {
        case .rejectUpgrade(let status, let count):
            self.rejectedUpgrades += Array(repeating: status, count: Self.bounded(count, self.rejectedUpgrades.count))
        case .tokenRefusal(let status, let count):
            self.refusedTokens += Array(repeating: status, count: Self.bounded(count, self.refusedTokens.count))
        case .inclusiveReplay(let count): self.inclusiveReplayCount += Self.bounded(count, self.inclusiveReplayCount)
        case .positionLost(let count): self.lostPositionCount += Self.bounded(count, self.lostPositionCount)
        case .tokenExpired, .goingAway, .reset, .fragmentation, .stall, .rateLimited, .invalidSubscription, .halfOpen,
            .invalidJSON, .poison, .invalidUTF8, .oversizedMessage:
            return false
        }
        return true
    }

    /// The HTTP status to reject this upgrade with.
    mutating func takeUpgradeRejection() -> Int? {
        self.rejectedUpgrades.isEmpty ? nil : self.rejectedUpgrades.removeFirst()
    }

    /// The HTTP status to refuse this token request with.
    mutating func takeTokenRefusal() -> Int? {
        self.refusedTokens.isEmpty ? nil : self.refusedTokens.removeFirst()
    }

    mutating func takeInclusiveReplay() -> Bool {
        defer { self.inclusiveReplayCount = max(0, self.inclusiveReplayCount - 1) }
        return self.inclusiveReplayCount > 0
    }

    mutating func takeLostPosition() -> Bool {
        defer { self.lostPositionCount = max(0, self.lostPositionCount - 1) }
        return self.lostPositionCount > 0
    }

    private static func bounded(_ count: Int, _ present: Int) -> Int {
        max(0, min(count, Self.countMax - present))
    }
}
