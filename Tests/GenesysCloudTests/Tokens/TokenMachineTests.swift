import BridgeCore
import Testing

@testable import GenesysCloud

@Suite
struct TokenMachineTests {
    private static let start = Instant(nanoseconds: 1_000_000_000_000)

    private static func at(_ seconds: Double) -> Instant {
        Self.start.advanced(by: .seconds(seconds))
    }

    private static func grant(_ lifetimeSeconds: Double, _ secret: String = "t") -> TokenGrant {
        TokenGrant(secret: Secret(secret), lifetime: .seconds(lifetimeSeconds))
    }

    /// A machine with a token of an hour, granted at 0 and due at 2880 s.
    private static func withToken() -> TokenMachine {
        var machine = TokenMachine(now: Self.start)
        #expect(machine.next(now: Self.start) == .fetch)
        machine.granted(Self.grant(3600), askedAt: Self.start, now: Self.at(0.5), random: 0)
        return machine
    }

    @Test("It asks at once, and has nothing to hand out before the answer")
    func firstToken() {
        var machine = TokenMachine(now: Self.start)
        #expect(machine.token(now: Self.start) == nil)
        #expect(machine.next(now: Self.start) == .fetch)
        #expect(machine.token(now: Self.start) == nil)
        machine.granted(Self.grant(3600, "first"), askedAt: Self.start, now: Self.at(1), random: 0)
        let token = AccessToken(secret: Secret("first"), serial: 1, expiresAt: Self.at(3600))
        #expect(machine.token(now: Self.at(1)) == token)
    }

    @Test(
        "It asks for the next token after 70 to 80 % of the lifetime, counted from when it asked (S1.5)",
        arguments: [0, 0.5, 0.999]
    )
    func refresh(random: Double) {
        var machine = TokenMachine(now: Self.start)
        _ = machine.next(now: Self.start)
        machine.granted(Self.grant(1000), askedAt: Self.start, now: Self.at(5), random: random)
        guard case .wait(let until) = machine.next(now: Self.at(5)) else {
            Issue.record("nothing to wait for")
            return
        }
        #expect(abs(Self.start.duration(to: until).inSeconds - (800 - 100 * random)) < 0.001)
        #expect(machine.token(now: until) != nil)
        #expect(machine.next(now: until) == .fetch)
        #expect(machine.token(now: until)?.serial == 1, "the old token is handed out while the new one is asked for")
        machine.granted(Self.grant(1000), askedAt: until, now: until, random: 0)
        #expect(machine.token(now: until)?.serial == 2)
    }

    @Test("A token is not handed out after its lifetime")
    func expiry() {
        let machine = Self.withToken()
        #expect(machine.token(now: Self.at(3599.9)) != nil)
        #expect(machine.token(now: Self.at(3600)) == nil)
        #expect(machine.expiresAt == Self.at(3600))
    }

    @Test("A lifetime of a moment does not make it ask without a pause")
    func shortLifetime() {
        var machine = TokenMachine(now: Self.start)
        _ = machine.next(now: Self.start)
        machine.granted(Self.grant(0.001), askedAt: Self.start, now: Self.start, random: 0)
        #expect(machine.next(now: Self.start) == .wait(until: Self.at(1)))
    }

    @Test("Refusals are answered with delays that double up to the cap, drawn from [d, 2d)")
    func backoff() {
        var machine = TokenMachine(now: Self.start)
        var now = Self.start
        for (random, expected) in [(0, 1), (0, 2), (0.5, 6), (0, 8), (0, 16), (0, 30), (0.5, 45), (0, 30)]
            as [(Double, Double)]
        {
            #expect(machine.next(now: now) == .fetch)
            machine.refused(retryAfterSeconds: nil, now: now, random: random)
            let until = now.advanced(by: .seconds(expected))
            #expect(machine.next(now: now) == .wait(until: until))
            now = until
        }
        #expect(machine.consecutiveRefusalCount == 8)
        #expect(machine.next(now: now) == .fetch)
        machine.granted(Self.grant(3600), askedAt: now, now: now, random: 0)
        #expect(machine.consecutiveRefusalCount == 0)
    }

    @Test("A server's Retry-After is obeyed where it asks for more, up to a quarter of an hour")
    func retryAfter() {
        for (asked, expected) in [(0, 1), (60, 60), (86_400, 900)] as [(Int, Double)] {
            var machine = TokenMachine(now: Self.start)
            _ = machine.next(now: Self.start)
            machine.refused(retryAfterSeconds: asked, now: Self.start, random: 0)
            #expect(machine.next(now: Self.start) == .wait(until: Self.at(expected)))
        }
    }

    @Test("A refused refresh leaves the valid token in use")
    func refusedRefresh() {
        var machine = Self.withToken()
        #expect(machine.next(now: Self.at(2880)) == .fetch)
        machine.refused(retryAfterSeconds: nil, now: Self.at(2881), random: 0)
        #expect(machine.token(now: Self.at(2881))?.serial == 1)
        #expect(machine.token(now: Self.at(3600)) == nil)
    }

    @Test("However many sockets mark the same token bad, one new token is asked for (S1.5)")
    func markedBad() {
        var machine = Self.withToken()
        let now = Self.at(1000)
        #expect(machine.markedBad(serial: 1, now: now) == .wake)
        #expect(machine.token(now: now) == nil)
        #expect(machine.markedBad(serial: 1, now: now) == .ignore)
        #expect(machine.next(now: now) == .fetch)
        #expect(machine.markedBad(serial: 1, now: now) == .ignore)
        machine.granted(Self.grant(3600), askedAt: now, now: now, random: 0)
        #expect(machine.markedBad(serial: 1, now: now) == .ignore, "a late complaint about the old token")
        #expect(machine.token(now: now)?.serial == 2)
    }

    @Test("A token that goes bad while the next one is asked for is not handed out any more")
    func markedBadWhileFetching() {
        var machine = Self.withToken()
        #expect(machine.next(now: Self.at(2880)) == .fetch)
        #expect(machine.markedBad(serial: 1, now: Self.at(2880)) == .ignore)
        #expect(machine.token(now: Self.at(2880)) == nil)
        machine.refused(retryAfterSeconds: nil, now: Self.at(2881), random: 0)
        #expect(machine.token(now: Self.at(2881)) == nil)
    }

    @Test("A token that goes bad does not cut a backoff short (S1.5)")
    func markedBadWhileBackingOff() {
        var machine = Self.withToken()
        _ = machine.next(now: Self.at(2880))
        machine.refused(retryAfterSeconds: 60, now: Self.at(2880), random: 0)
        #expect(machine.markedBad(serial: 1, now: Self.at(2881)) == .ignore)
        #expect(machine.next(now: Self.at(2881)) == .wait(until: Self.at(2940)))
    }

    @Test("A server that grants tokens and refuses each of them is asked less and less often")
    func youngBadTokens() {
        var machine = TokenMachine(now: Self.start)
        var now = Self.start
        var pauses: [Double] = []
        for serial in 1...7 {
            #expect(machine.next(now: now) == .fetch)
            machine.granted(Self.grant(3600), askedAt: now, now: now, random: 0)
            #expect(machine.markedBad(serial: serial, now: now) == .wake)
            guard case .wait(let until) = machine.next(now: now) else {
                Issue.record("no pause after token \(serial)")
                return
            }
            pauses.append(now.duration(to: until).inSeconds)
            now = until
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30])
        // One that lasted ends the slowing down.
        #expect(machine.next(now: now) == .fetch)
        machine.granted(Self.grant(3600), askedAt: now, now: now, random: 0)
        now = now.advanced(by: TokenMachine.backoffCap)
        #expect(machine.markedBad(serial: 8, now: now) == .wake)
        #expect(machine.next(now: now) == .fetch)
    }

    @Test("A token that is refused once it is settled is replaced at once, however often that happens (S4.4)")
    func settledBadTokens() {
        var machine = TokenMachine(now: Self.start, settledAge: .seconds(1))
        var now = Self.start
        for serial in 1...7 {
            #expect(machine.next(now: now) == .fetch, "token \(serial)")
            machine.granted(Self.grant(3600), askedAt: now, now: now, random: 0)
            now = now.advanced(by: .seconds(1))
            #expect(machine.markedBad(serial: serial, now: now) == .wake)
        }
    }
}
