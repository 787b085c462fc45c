/// What is still to happen to the next messages of one stream.
struct MessageFaults {
    private var fragmentations = 0
    private var notJSON = 0
    private var notUTF8 = 0
    private var oversized: Int?
    private var poison: (times: Int, damage: MessageDamage)?
    private var duplicates = 0
    private var alterations: [EventAlteration] = []

    /// Keeps at most this many alterations.
    private static let alterationCountMax = 10_000

    /// False when the fault is not one of messages.
    mutating func take(_ fault: Fault) -> Bool {
        switch fault {
        case .fragmentation(let messages, _): self.fragmentations += max(0, messages)
        case .invalidJSON(let messages): self.notJSON += max(0, messages)
        case .invalidUTF8(let messages): self.notUTF8 += max(0, messages)
        case .oversizedMessage(let bytes): self.oversized = bytes
        case .poison(let times, let damage): self.poison = (max(1, times), damage)
        case .duplicateBatch(let messages): self.duplicates += max(0, messages)
        case .unsubscribedEvent(let messages): self.alter(.unsubscribed, messages)
        case .eventWithoutName(let messages): self.alter(.withoutName, messages)
        case .eventWithoutResource(let messages): self.alter(.withoutResource, messages)
        case .eventWithoutIdentifier(let messages): self.alter(.withoutIdentifier, messages)
        case .tokenExpired, .goingAway, .drain, .reset, .rateLimited, .idleTimeout, .stall, .halfOpen, .slowWrite,
            .slowRead,
            .serverPing, .resourceDeleted, .resourceForbidden, .rejectUpgrade, .upgradeHang, .rateLimitedUpgrade,
            .scopeRemoved, .invalidSubscription, .inclusiveReplay, .positionLost, .tokenRefused, .tokenServerError,
            .tokenHang, .restServerError, .restHang:
            return false
        }
        return true
    }

    private mutating func alter(_ alteration: EventAlteration, _ messages: Int) {
        let room = Self.alterationCountMax - self.alterations.count
        self.alterations += Array(repeating: alteration, count: max(0, min(messages, room)))
    }

    /// Whether the message with events that goes out now begins a poisoning.
    mutating func takePoison() -> (times: Int, damage: MessageDamage)? {
        guard let poison else { return nil }
        self.poison = nil
        return poison
    }

    var hasAlterations: Bool { !self.alterations.isEmpty }

    /// How one event of the message that goes out now is altered.
    mutating func takeAlteration() -> EventAlteration? {
        self.alterations.isEmpty ? nil : self.alterations.removeFirst()
    }

    /// Whether the message with events that goes out now goes out twice.
    mutating func takeDuplicate() -> Bool {
        guard self.duplicates > 0 else { return false }
        self.duplicates -= 1
        return true
    }

    /// The treatment of the message that goes out now.
    mutating func takeTreatment() -> MessageTreatment {
        if let bytes = self.oversized {
            self.oversized = nil
            return .damaged(.oversized(bytes: bytes))
        }
        if self.notJSON > 0 {
            self.notJSON -= 1
            return .damaged(.invalidJSON)
        }
        if self.notUTF8 > 0 {
            self.notUTF8 -= 1
            return .damaged(.invalidUTF8)
        }
        guard self.fragmentations > 0 else { return .whole }
        self.fragmentations -= 1
        return .fragmented
    }
}
