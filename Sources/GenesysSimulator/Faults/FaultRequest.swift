/// The body of `POST /simulator/faults`: the fault's name, its tenant (all of them without one) and what the fault needs.
struct FaultRequest: Decodable {
    enum Damage: String, Decodable {
        case invalidJSON, invalidUTF8, oversizedMessage
    }

    let fault: FaultKind
    let tenant: String?
    let count: Int?
    let status: Int?
    let durationMilliseconds: Int?
    let intervalMilliseconds: Int?
    let blockMilliseconds: Int?
    let code: UInt16?
    let retryAfterSeconds: Int?
    let bytes: Int?
    let seed: UInt64?
    /// Of ``Fault/halfOpen(reads:)``.
    let reads: Bool?
    let resourceId: String?
    let closesStreams: Bool?
    /// Of ``Fault/positionLost(count:form:)``.
    let form: PositionLossForm?
    /// Of ``Fault/poison(times:damage:)``.
    let damage: Damage?

    private static let messageBytes = 16 << 20

    /// Nil when a number is out of its range.
    var requested: Fault? {
        let milliseconds = 0...86_400_000
        let serverError: Set<FaultKind> = [.tokenServerError, .restServerError]
        let statuses =
            self.fault == .tokenRefused ? 400...499 : serverError.contains(self.fault) ? 500...599 : 400...599
        guard (1...1_000_000_000).contains(self.count ?? 1), statuses.contains(self.status ?? statuses.upperBound),
            (1...64 << 20).contains(self.bytes ?? 1), (0...86_400).contains(self.retryAfterSeconds ?? 0),
            milliseconds.contains(self.durationMilliseconds ?? 0), milliseconds.contains(self.blockMilliseconds ?? 0),
            milliseconds.contains(self.intervalMilliseconds ?? 0)
        else { return nil }
        return self.streamFault ?? self.messageFault ?? self.requestFault
    }

    private var streamFault: Fault? {
        let interval = self.intervalMilliseconds
        return switch self.fault {
        case .tokenExpired: .tokenExpired
        case .goingAway: .goingAway
        case .drain: .drain(code: self.code ?? 1001, intervalMilliseconds: interval ?? 1_000)
        case .reset: .reset
        case .rateLimited:
            .rateLimited(
                code: self.code ?? 4429,
                retryAfterSeconds: self.retryAfterSeconds,
                blockMilliseconds: self.blockMilliseconds
            )
        case .idleTimeout: .idleTimeout(milliseconds: max(1, self.durationMilliseconds ?? 60_000))
        case .stall: .stall(durationMilliseconds: self.durationMilliseconds)
        case .halfOpen: .halfOpen(reads: self.reads ?? true)
        case .slowWrite:
            .slowWrite(
                bytes: self.bytes ?? 1,
                intervalMilliseconds: interval ?? 1,
                durationMilliseconds: self.durationMilliseconds
            )
        case .slowRead:
            .slowRead(
                bytes: self.bytes ?? 1,
                intervalMilliseconds: interval ?? 100,
                durationMilliseconds: self.durationMilliseconds
            )
        case .serverPing: .serverPing(count: min(self.count ?? 100, 10_000), bytes: self.bytes ?? 125)
        case .resourceDeleted:
            .resourceDeleted(resourceId: self.resourceId, closesStreams: self.closesStreams ?? false)
        case .resourceForbidden:
            .resourceForbidden(resourceId: self.resourceId, closesStreams: self.closesStreams ?? false)
        case _: nil
        }
    }

    private var messageFault: Fault? {
        let count = self.count ?? 1
        let bytes = self.bytes ?? Self.messageBytes
        return switch self.fault {
        case .fragmentation: .fragmentation(messages: count, seed: self.seed ?? 1)
        case .invalidJSON: .invalidJSON(messages: count)
        case .invalidUTF8: .invalidUTF8(messages: count)
        case .oversizedMessage: .oversizedMessage(bytes: bytes)
        case .poison:
            switch self.damage ?? .invalidJSON {
            case .invalidJSON: .poison(times: self.count ?? 2)
            case .invalidUTF8: .poison(times: self.count ?? 2, damage: .invalidUTF8)
            case .oversizedMessage: .poison(times: self.count ?? 2, damage: .oversized(bytes: bytes))
            }
        case .duplicateBatch: .duplicateBatch(messages: count)
        case .unsubscribedEvent: .unsubscribedEvent(messages: count)
        case .eventWithoutName: .eventWithoutName(messages: count)
        case .eventWithoutResource: .eventWithoutResource(messages: count)
        case .eventWithoutIdentifier: .eventWithoutIdentifier(messages: count)
        case _: nil
        }
    }

    private var requestFault: Fault? {
        let count = self.count ?? 1
        let duration = self.durationMilliseconds
        return switch self.fault {
        case .rejectUpgrade: .rejectUpgrade(status: self.status ?? 503, count: count)
        case .upgradeHang: .upgradeHang(count: count, durationMilliseconds: duration)
        case .rateLimitedUpgrade:
            .rateLimitedUpgrade(
                count: count,
                retryAfterSeconds: self.retryAfterSeconds,
                blockMilliseconds: self.blockMilliseconds
            )
        case .scopeRemoved: .scopeRemoved(count: count)
        case .invalidSubscription: .invalidSubscription(count: count)
        case .inclusiveReplay: .inclusiveReplay(count: count)
        case .positionLost: .positionLost(count: count, form: self.form ?? .gone)
        case .tokenRefused: .tokenRefused(status: self.status ?? 401, count: count)
        case .tokenServerError: .tokenServerError(status: self.status ?? 503, count: count)
        case .tokenHang: .tokenHang(count: count, durationMilliseconds: duration)
        case .restServerError: .restServerError(status: self.status ?? 503, count: count)
        case .restHang: .restHang(count: count, durationMilliseconds: duration)
        case _: nil
        }
    }
}
