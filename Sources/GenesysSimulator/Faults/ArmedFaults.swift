/// Faults of a tenant that lie in wait for its next requests.
struct ArmedFaults: Equatable {
    /// What becomes of an upgrade that is otherwise in order.
    enum Upgrade: Equatable {
        case reject(status: Int)
        case hang(ReplyDelay)
        case rateLimit(retryAfterSeconds: Int?, blockMilliseconds: Int?)
        case missingScope
        case invalidSubscription

        var kind: FaultKind {
            switch self {
            case .reject: .rejectUpgrade
            case .hang: .upgradeHang
            case .rateLimit: .rateLimitedUpgrade
            case .missingScope: .scopeRemoved
            case .invalidSubscription: .invalidSubscription
            }
        }
    }

    /// What becomes of a token request that is otherwise in order.
    enum Token: Equatable {
        case refuse(status: Int)
        case serverError(status: Int)
        case hang(ReplyDelay)

        var kind: FaultKind {
            switch self {
            case .refuse: .tokenRefused
            case .serverError: .tokenServerError
            case .hang: .tokenHang
            }
        }
    }

    private var upgrades: [Upgrade] = []
    private var tokens: [Token] = []
    private var restErrors: [Int] = []
    private var restHangs: [ReplyDelay] = []
    private var lostPositions: [PositionLossForm] = []
    private var inclusiveReplays: [Bool] = []

    /// Keeps at most this many of a kind.
    private static let countMax = 10_000

    /// False when the fault is not one of a request.
    mutating func arm(_ fault: Fault) -> Bool {
        switch fault {
        case .rejectUpgrade(let status, let count): Self.add(.reject(status: status), count, to: &self.upgrades)
        case .upgradeHang(let count, let duration): Self.add(.hang(Self.delay(duration)), count, to: &self.upgrades)
        case .rateLimitedUpgrade(let count, let seconds, let block):
            Self.add(.rateLimit(retryAfterSeconds: seconds, blockMilliseconds: block), count, to: &self.upgrades)
        case .scopeRemoved(let count): Self.add(.missingScope, count, to: &self.upgrades)
        case .invalidSubscription(let count): Self.add(.invalidSubscription, count, to: &self.upgrades)
        case .inclusiveReplay(let count): Self.add(true, count, to: &self.inclusiveReplays)
        case .positionLost(let count, let form): Self.add(form, count, to: &self.lostPositions)
        case .tokenRefused(let status, let count): Self.add(.refuse(status: status), count, to: &self.tokens)
        case .tokenServerError(let status, let count): Self.add(.serverError(status: status), count, to: &self.tokens)
        case .tokenHang(let count, let duration): Self.add(.hang(Self.delay(duration)), count, to: &self.tokens)
        case .restServerError(let status, let count): Self.add(status, count, to: &self.restErrors)
        case .restHang(let count, let duration): Self.add(Self.delay(duration), count, to: &self.restHangs)
        case .tokenExpired, .goingAway, .drain, .reset, .rateLimited, .idleTimeout, .stall, .halfOpen, .slowWrite,
            .slowRead,
            .serverPing, .fragmentation, .invalidJSON, .invalidUTF8, .oversizedMessage, .poison, .duplicateBatch,
            .unsubscribedEvent, .eventWithoutName, .eventWithoutResource, .eventWithoutIdentifier, .resourceDeleted,
            .resourceForbidden:
            return false
        }
        return true
    }

    mutating func takeUpgrade() -> Upgrade? { Self.take(&self.upgrades) }
    mutating func takeToken() -> Token? { Self.take(&self.tokens) }
    mutating func takeRESTHang() -> ReplyDelay? { Self.take(&self.restHangs) }
    mutating func takeInclusiveReplay() -> Bool { Self.take(&self.inclusiveReplays) ?? false }
    mutating func takeLostPosition() -> PositionLossForm? { Self.take(&self.lostPositions) }

    /// The HTTP status to answer this REST call with.
    mutating func takeRESTError() -> Int? { Self.take(&self.restErrors) }

    private static func delay(_ milliseconds: Int?) -> ReplyDelay {
        milliseconds.map { .milliseconds($0) } ?? .forever
    }

    private static func add<Element>(_ element: Element, _ count: Int, to list: inout [Element]) {
        list += Array(repeating: element, count: max(0, min(count, Self.countMax - list.count)))
    }

    private static func take<Element>(_ list: inout [Element]) -> Element? {
        list.isEmpty ? nil : list.removeFirst()
    }
}
