import BridgeCore
import Testing

/// Copies of one event on two sockets.
@Suite("Overlap filter")
struct OverlapFilterTests {
    private static let a = SocketID(1)
    private static let b = SocketID(2)

    private static func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }

    /// The fingerprint of a body, by way of real bytes.
    private static func print(_ body: String, topic: String = "t") -> EventFingerprint {
        let bytes = MessageBytes(Array((topic + body).utf8))
        let size = UInt32(topic.utf8.count)
        return EventFingerprint(
            ChannelBatch.Match(
                topic: ByteRange(offset: 0, length: size),
                body: ByteRange(offset: size, length: UInt32(body.utf8.count))
            ),
            in: bytes
        )
    }

    /// Two sockets that observe since second 1 and have caught up with that.
    private static func both(eventCountMax: Int = 1000, window: Duration = .seconds(60)) -> OverlapFilter {
        var filter = OverlapFilter(eventCountMax: eventCountMax, window: window)
        for socket in [Self.a, Self.b] {
            filter.opened(socket, now: Self.at(0))
            filter.observing(socket, now: Self.at(1))
        }
        for socket in [Self.a, Self.b] { filter.caughtUp(socket, through: Self.at(2)) }
        return filter
    }

    private static func bring(
        _ body: String,
        _ socket: SocketID,
        _ filter: inout OverlapFilter,
        at seconds: Int = 10
    ) -> Bool {
        !filter.isCopy(Self.print(body), from: socket, now: Self.at(seconds))
    }

    @Test("a copy on the other socket is dropped, whichever came first (C3)")
    func copies() {
        var filter = Self.both()
        #expect(Self.bring("x", Self.a, &filter) && !Self.bring("x", Self.b, &filter))
        #expect(Self.bring("y", Self.b, &filter) && !Self.bring("y", Self.a, &filter))
        // Both owe nothing any more: the same again is another event.
        #expect(Self.bring("x", Self.b, &filter) && !Self.bring("x", Self.a, &filter))
    }

    @Test("two identical bodies on one socket are two events, and so are their copies (C3)")
    func multiset() {
        var filter = Self.both()
        #expect(
            Self.bring("x", Self.a, &filter) && Self.bring("x", Self.a, &filter) && Self.bring("x", Self.a, &filter)
        )
        #expect(!Self.bring("x", Self.b, &filter) && !Self.bring("x", Self.b, &filter))
        #expect(!Self.bring("x", Self.b, &filter) && Self.bring("x", Self.b, &filter))
        #expect(!Self.bring("x", Self.a, &filter))
    }

    @Test("with one socket nothing is dropped and nothing is remembered (C3)")
    func alone() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        for _ in 0..<10 { #expect(Self.bring("x", Self.a, &filter)) }
        #expect(filter.rememberedCount == 0)
    }

    @Test("topic and body are told apart (C3)")
    func matching() {
        var filter = Self.both()
        #expect(filter.isCopy(Self.print("bc", topic: "a"), from: Self.a, now: Self.at(3)) == false)
        #expect(filter.isCopy(Self.print("c", topic: "ab"), from: Self.b, now: Self.at(3)) == false)
        #expect(filter.isCopy(Self.print("bd", topic: "a"), from: Self.b, now: Self.at(3)) == false)
        #expect(filter.isCopy(Self.print("bc", topic: "a"), from: Self.b, now: Self.at(3)) == true)
    }

    @Test("at the bound in number the oldest are forgotten: a duplicate, never a loss (C3)")
    func boundInNumber() {
        var filter = Self.both(eventCountMax: 10)
        for number in 0..<15 { #expect(Self.bring("\(number)", Self.a, &filter)) }
        #expect(filter.rememberedCount == 10)
        for number in 0..<5 { #expect(Self.bring("\(number)", Self.b, &filter)) }
        #expect(filter.rememberedCount == 10)
        for number in 10..<15 { #expect(!Self.bring("\(number)", Self.b, &filter)) }
    }

    @Test("at the bound in time they are forgotten, too (C3)")
    func boundInTime() {
        var filter = Self.both(window: .seconds(60))
        #expect(Self.bring("x", Self.a, &filter, at: 10))
        #expect(Self.bring("x", Self.b, &filter, at: 70))
        #expect(filter.rememberedCount == 1)
    }

    @Test("a socket that ended leaves what it owes unpaid, and what others owe of it they still pay (C3, C4)")
    func end() {
        var filter = Self.both()
        #expect(Self.bring("x", Self.a, &filter) && Self.bring("y", Self.b, &filter))
        filter.ended(Self.a)
        #expect(!Self.bring("x", Self.b, &filter))
        #expect(Self.bring("x", Self.b, &filter) && Self.bring("y", Self.b, &filter))
    }

    @Test("what may never be owed is not paid for behind the end of the socket that brought it (C1, C3)")
    func uncertain() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        filter.opened(Self.b, now: Self.at(10))
        // Sent before b observed, perhaps: b may never bring it.
        #expect(Self.bring("x", Self.a, &filter, at: 11))
        filter.observing(Self.b, now: Self.at(12))
        var other = filter
        filter.ended(Self.a)
        #expect(Self.bring("x", Self.b, &filter, at: 13))
        // While a lives, it is taken for the copy, and that is not proven before a has caught up with it.
        #expect(!Self.bring("x", Self.b, &other, at: 13))
        #expect(other.doubt(about: Self.a) == Self.at(13))
        other.caughtUp(Self.a, through: Self.at(12))
        #expect(other.doubt(about: Self.a) == Self.at(13))
        other.caughtUp(Self.a, through: Self.at(13))
        #expect(other.doubt(about: Self.a) == nil)
    }

    @Test("an event that was taken for a copy of one before the overlap comes when the old socket brings it (C3)")
    func chain() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        filter.opened(Self.b, now: Self.at(10))
        #expect(Self.bring("x", Self.a, &filter, at: 10))  // the first, before b observed
        filter.observing(Self.b, now: Self.at(11))
        #expect(!Self.bring("x", Self.b, &filter, at: 12))  // the second, on b
        filter.caughtUp(Self.a, through: Self.at(11))
        #expect(Self.bring("x", Self.a, &filter, at: 13))  // the second, on a
        filter.ended(Self.a)
        // The third comes on b alone. What b is said to owe may be the second, which it has brought.
        #expect(Self.bring("x", Self.b, &filter, at: 14))
    }

    @Test(
        "what is taken for copies of later ones moves the doubt with it, and leaves that of other bodies alone (C1, C3)"
    )
    func movingDoubt() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        filter.opened(Self.b, now: Self.at(10))
        #expect(Self.bring("x", Self.a, &filter, at: 10))  // the first, before b observed
        filter.observing(Self.b, now: Self.at(11))
        #expect(!Self.bring("x", Self.b, &filter, at: 12))  // the second, on b
        #expect(Self.bring("x", Self.b, &filter, at: 14) && Self.bring("y", Self.b, &filter, at: 16))
        // The second on a, taken for the third: a has brought everything that was sent before second 12, and the third only it may bring.
        #expect(!Self.bring("x", Self.a, &filter, at: 17) && !Self.bring("y", Self.a, &filter, at: 17))
        filter.caughtUp(Self.a, through: Self.at(13))
        #expect(filter.doubt(about: Self.a) == Self.at(14) && filter.doubtful == [Self.a])
        #expect(Self.bring("x", Self.a, &filter, at: 18))  // the third, on a
        filter.caughtUp(Self.a, through: Self.at(14))
        #expect(filter.doubt(about: Self.a) == nil && filter.doubtful.isEmpty)
    }

    @Test("once both have proven how far they are, copies that come behind the end of the elder one are known (C3, C4)")
    func undecided() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        filter.opened(Self.b, now: Self.at(10))
        #expect(Self.bring("x", Self.a, &filter, at: 11) && Self.bring("x", Self.a, &filter, at: 11))
        filter.observing(Self.b, now: Self.at(12))
        // The first of them, or the second, or another one.
        #expect(!Self.bring("x", Self.b, &filter, at: 13))
        #expect(filter.isUndecided(Self.b) && filter.doubt(about: Self.a) == Self.at(13))
        filter.caughtUp(Self.a, through: Self.at(14))
        #expect(filter.isUndecided(Self.b) && filter.doubt(about: Self.a) == nil)
        #expect(Self.bring("x", Self.a, &filter, at: 15) && !Self.bring("x", Self.b, &filter, at: 15))
        filter.caughtUp(Self.b, through: Self.at(15))
        #expect(filter.isUndecided(Self.b), "the ping may have been sent before the last of them")
        filter.caughtUp(Self.b, through: Self.at(16))
        #expect(!filter.isUndecided(Self.b))
        #expect(Self.bring("x", Self.a, &filter, at: 17))
        filter.ended(Self.a)
        // One of the first two came before b observed: it never comes on b.
        #expect(!Self.bring("x", Self.b, &filter, at: 18) && Self.bring("x", Self.b, &filter, at: 18))
    }

    @Test("what a lost socket has not brought is not waited for, and what it brings yet is a copy (C1, C3)")
    func leaving() {
        var filter = OverlapFilter()
        filter.opened(Self.a, now: Self.at(0))
        filter.observing(Self.a, now: Self.at(1))
        filter.opened(Self.b, now: Self.at(10))
        #expect(Self.bring("x", Self.a, &filter, at: 11))
        filter.observing(Self.b, now: Self.at(12))
        filter.leaving(Self.a)
        #expect(Self.bring("x", Self.b, &filter, at: 13))
        #expect(!Self.bring("x", Self.a, &filter, at: 14))
        #expect(Self.bring("y", Self.a, &filter, at: 14) && Self.bring("y", Self.b, &filter, at: 15))
        #expect(filter.doubtful.isEmpty && !filter.isUndecided(Self.b))
    }

    @Test("three sockets of which one takes over bring each event once (C3, C8)")
    func three() {
        var filter = Self.both()
        let c = SocketID(3)
        filter.opened(c, now: Self.at(5))
        filter.observing(c, now: Self.at(6))
        for socket in [Self.a, Self.b, c] { filter.caughtUp(socket, through: Self.at(7)) }
        #expect(Self.bring("x", Self.b, &filter) && !Self.bring("x", c, &filter) && !Self.bring("x", Self.a, &filter))
        filter.ended(Self.a)
        #expect(Self.bring("x", c, &filter) && !Self.bring("x", Self.b, &filter))
    }

    @Test("many identical events cost no more than others (C3)")
    func spam() {
        var filter = Self.both(eventCountMax: 20_000)
        for _ in 0..<20_000 { #expect(Self.bring("x", Self.a, &filter)) }
        let copies = (0..<20_000).count { _ in !Self.bring("x", Self.b, &filter) }
        #expect(copies == 20_000)
    }
}
