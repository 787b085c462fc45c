import BridgeCore
import Testing

/// What is a gap, and from when to when.
@Suite("Channel coverage")
struct ChannelCoverageTests {
    private static let a = SocketID(1)
    private static let b = SocketID(2)

    private static func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }

    /// Coverage of `topics` that is live on socket a since second 10, with nothing left to record.
    private static func live(_ topics: [String] = ["x"]) -> ChannelCoverage {
        var coverage = ChannelCoverage(topics: topics, lastCaughtUp: Self.at(5))
        coverage.observing(Self.a, topics, now: Self.at(10))
        _ = coverage.takePending()
        return coverage
    }

    private static func gap(
        _ from: Int?,
        _ to: Int?,
        _ cause: GapRecord.Cause,
        _ topics: [String] = ["x"],
        _ certainty: GapRecord.Certainty = .possible
    ) -> ChannelGap {
        ChannelGap(from: from.map(Self.at), to: to.map(Self.at), cause: cause, certainty: certainty, topics: topics)
    }

    @Test("A gap begins where the reader had certainly caught up, not where something was read last (C1)")
    func beginsAtProof() {
        var coverage = Self.live()
        coverage.caughtUp(Self.a, through: Self.at(30))
        // Whatever else is read until second 50 proves nothing.
        coverage.lost(Self.a, cause: .disconnect)
        #expect(coverage.pending == [])
        coverage.observing(Self.b, ["x"], now: Self.at(60))
        #expect(coverage.takePending() == [Self.gap(30, 60, .disconnect)])
    }

    @Test("An older proof that comes later moves nothing back (C1)")
    func proofsOnlyGrow() {
        var coverage = Self.live()
        coverage.caughtUp(Self.a, through: Self.at(30))
        coverage.caughtUp(Self.a, through: Self.at(20))
        #expect(coverage.caughtUpMoment(of: Self.a) == Self.at(30))
        #expect(coverage.caughtUpAt == Self.at(30))
    }

    @Test("Make before break leaves no gap where the old socket caught up with the new one's first sign (C1, C4)")
    func overlapWithoutGap() {
        var coverage = Self.live()
        coverage.observing(Self.b, ["x"], now: Self.at(100))
        coverage.caughtUp(Self.a, through: Self.at(100))
        coverage.lost(Self.a, cause: .rollover)
        #expect(coverage.pending == [])
        coverage.caughtUp(Self.b, through: Self.at(150))
        #expect(coverage.caughtUpAt == Self.at(150))
    }

    @Test("An overlap that ends before the old socket caught up is a gap up to the new one's first sign (C1)")
    func overlapTooShort() {
        var coverage = Self.live()
        coverage.caughtUp(Self.a, through: Self.at(90))
        coverage.observing(Self.b, ["x"], now: Self.at(100))
        #expect(coverage.pending == [])
        coverage.lost(Self.a, cause: .rollover)
        #expect(coverage.takePending() == [Self.gap(90, 100, .rollover)])
    }

    @Test("With two sockets the loss of either is no gap (C1, C8)")
    func redundancy() {
        var coverage = Self.live()
        coverage.observing(Self.b, ["x"], now: Self.at(12))
        coverage.caughtUp(Self.a, through: Self.at(20))
        coverage.lost(Self.b, cause: .disconnect)
        #expect(coverage.pending == [])
        coverage.observing(SocketID(3), ["x"], now: Self.at(30))
        coverage.caughtUp(Self.a, through: Self.at(40))
        coverage.lost(Self.a, cause: .disconnect)
        #expect(coverage.pending == [])
    }

    @Test("The proof of a socket that ended first counts for the other one, as far as it reaches (C1)")
    func proofOfTheOther() {
        var coverage = Self.live()
        coverage.observing(Self.b, ["x"], now: Self.at(20))
        coverage.caughtUp(Self.a, through: Self.at(25))
        coverage.caughtUp(Self.b, through: Self.at(50))
        coverage.lost(Self.b, cause: .disconnect)
        coverage.lost(Self.a, cause: .disconnect)
        coverage.observing(SocketID(3), ["x"], now: Self.at(60))
        #expect(coverage.takePending() == [Self.gap(50, 60, .disconnect)])
    }

    @Test("A start is a gap since the last durable moment, or since nobody knows when (C1)")
    func start() {
        var known = ChannelCoverage(topics: ["x", "y"], lastCaughtUp: Self.at(5))
        known.observing(Self.a, ["y", "x"], now: Self.at(10))
        #expect(known.takePending() == [Self.gap(5, 10, .restart, ["x", "y"])])
        var unknown = ChannelCoverage(topics: ["x"], lastCaughtUp: nil)
        #expect(unknown.caughtUpAt == nil)
        unknown.observing(Self.a, ["x"], now: Self.at(10))
        #expect(unknown.takePending() == [Self.gap(nil, 10, .missingCheckpoint)])
        #expect(unknown.caughtUpAt == Self.at(10))
    }

    @Test("A rejected topic is a gap that is recorded at once, and once more when it ends (C1)")
    func rejected() {
        var coverage = ChannelCoverage(topics: ["x", "y"], lastCaughtUp: Self.at(5))
        coverage.rejected(["y"])
        coverage.rejected(["y"])
        #expect(coverage.takePending() == [Self.gap(5, nil, .unsubscribed, ["y"])])
        coverage.observing(Self.a, ["x"], now: Self.at(10))
        #expect(coverage.takePending() == [Self.gap(5, 10, .restart)])
        #expect(coverage.caughtUpAt == Self.at(10) && coverage.unobserved == ["y"])
        coverage.observing(Self.a, ["y"], now: Self.at(400))
        #expect(coverage.takePending() == [Self.gap(5, 400, .unsubscribed, ["y"])])
        #expect(coverage.unobserved == [])
    }

    @Test("A topic that is wanted is a gap until it is observed, one that goes is wanted to the end (C1)")
    func changes() {
        var coverage = Self.live()
        coverage.caughtUp(Self.a, through: Self.at(20))
        coverage.want(["x", "y"], now: Self.at(30))
        coverage.observing(Self.a, ["y"], now: Self.at(31))
        #expect(coverage.takePending() == [Self.gap(30, 31, .unsubscribed, ["y"])])
        // z may have been there before it was found.
        coverage.want(["x", "y", "z"], missedSince: Self.at(25), now: Self.at(32))
        #expect(coverage.takePending() == [Self.gap(25, 32, .unsubscribed, ["z"])], "of z alone, and at once")
        coverage.observing(Self.a, ["z"], now: Self.at(33))
        #expect(coverage.takePending() == [Self.gap(32, 33, .unsubscribed, ["z"])])
        coverage.want(["x", "y"], missedSince: Self.at(25), now: Self.at(34))
        coverage.caughtUp(Self.a, through: Self.at(34))
        #expect(coverage.takePending() == [], "nothing is new")
        // x goes while its socket has not caught up with that: if the socket is lost now, the rest of x is a gap.
        coverage.want(["y"], now: Self.at(40))
        var other = coverage
        coverage.lost(Self.a, cause: .disconnect)
        #expect(coverage.takePending() == [Self.gap(34, 40, .disconnect)])
        other.caughtUp(Self.a, through: Self.at(41))
        other.lost(Self.a, cause: .disconnect)
        #expect(other.takePending() == [])
        other.observing(Self.b, ["y"], now: Self.at(50))
        #expect(other.takePending() == [Self.gap(41, 50, .disconnect, ["y"])])
        // One that was observed anew only when nobody wanted it any more is a gap up to then.
        var late = Self.live()
        late.want([], now: Self.at(40))
        late.observing(Self.b, ["x"], now: Self.at(50))
        late.lost(Self.a, cause: .disconnect)
        #expect(late.takePending() == [Self.gap(10, 40, .disconnect)])
    }

    @Test("What cannot be read, and what there was no room for, is a certain gap (C1, C2)")
    func lostMessages() {
        var coverage = Self.live()
        coverage.caughtUp(Self.a, through: Self.at(20))
        coverage.missed(Self.a, cause: .poison, now: Self.at(33))
        #expect(coverage.takePending() == [Self.gap(20, 33, .poison, ["x"], .certain)])
        coverage.droppingBegan(Self.a)
        coverage.caughtUp(Self.a, through: Self.at(40))
        coverage.droppingBegan(Self.a)
        coverage.droppingEnded(Self.a, now: Self.at(50))
        coverage.droppingEnded(Self.a, now: Self.at(51))
        #expect(coverage.takePending() == [Self.gap(20, 50, .spoolFull, ["x"], .certain)])
    }

    @Test("A gap's record has the times of the wall clock, and is open where it lasts (C1)")
    func record() {
        let stream = StreamID(tenant: "acme", stream: "0")
        let record = Self.gap(1, nil, .eviction).record(of: stream, noticedAtMilliseconds: 7) { instant in
            1_767_607_200_000 + instant.nanoseconds / 1_000_000
        }
        #expect(record.from == Position(kind: .timestamp, value: "2026-01-05T10:00:01.000Z"))
        #expect(record.to == nil && record.resolution == .open && record.subscriptions == ["x"])
        let closed = Self.gap(1, 2, .eviction).record(of: stream, noticedAtMilliseconds: 7) { _ in 0 }
        #expect(closed.to?.value == "1970-01-01T00:00:00.000Z" && closed.resolution == .unrecoverable)
    }
}
