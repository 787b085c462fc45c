/// The body of `POST /simulator/faults`: the fault's name, its tenant (all of them without one) and what the fault needs.
struct FaultRequest: Decodable {
    let fault: FaultKind
    let tenant: String?
    let count: Int?
    let status: Int?
    let durationMilliseconds: Int?
    let code: UInt16?
    let retryAfterSeconds: Int?
    let bytes: Int?
    let seed: UInt64?

    /// Nil when a number is out of its range.
    var requested: Fault? {
        let count = self.count ?? 1
        let status = self.status ?? 503
        guard count > 0, (400...599).contains(status), (1...64 << 20).contains(self.bytes ?? 1),
            (0...86_400).contains(self.retryAfterSeconds ?? 0),
            (0...86_400_000).contains(self.durationMilliseconds ?? 0)
        else { return nil }
        return switch self.fault {
        case .tokenExpired: .tokenExpired
        case .goingAway: .goingAway
        case .reset: .reset
        case .fragmentation: .fragmentation(messages: count, seed: self.seed ?? 1)
        case .stall: .stall(durationMilliseconds: self.durationMilliseconds)
        case .rateLimited: .rateLimited(code: self.code ?? 4429, retryAfterSeconds: self.retryAfterSeconds ?? 60)
        case .invalidSubscription: .invalidSubscription
        case .rejectUpgrade: .rejectUpgrade(status: status, count: count)
        case .tokenRefusal: .tokenRefusal(status: status, count: count)
        case .halfOpen: .halfOpen
        case .invalidJSON: .invalidJSON(messages: count)
        case .poison: .poison(times: self.count ?? 2)
        case .invalidUTF8: .invalidUTF8(messages: count)
        case .oversizedMessage: .oversizedMessage(bytes: self.bytes ?? 16 << 20)
        case .inclusiveReplay: .inclusiveReplay(count: count)
        case .positionLost: .positionLost(count: count)
        }
    }
}
