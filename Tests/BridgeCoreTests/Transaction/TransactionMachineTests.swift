import BridgeCore
import Testing

@Suite("Transaction machine")
struct TransactionMachineTests {
    static func at(_ milliseconds: Int) -> Instant { Instant().advanced(by: .milliseconds(milliseconds)) }
    static func stream(_ name: String) -> StreamID { StreamID(tenant: "acme", stream: name) }
    private let a = Self.stream("a")
    private let b = Self.stream("b")
    private let c = Self.stream("c")

    private var machine = TransactionMachine(
        TransactionPolicy(interval: .milliseconds(100), batches: 4, bytes: 1_000, messageTimeout: .seconds(5))
    )

    /// Lets a batch in and hands it over.
    private mutating func send(
        _ stream: StreamID,
        bytes: Int = 1,
        endsMessage: Bool = true,
        at milliseconds: Int = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let begins = self.machine.beganAt == nil
        let admission = self.machine.admit(
            stream,
            heldBytes: bytes,
            endsMessage: endsMessage,
            now: Self.at(milliseconds)
        )
        #expect(admission == .admitted(begins: begins), sourceLocation: sourceLocation)
        self.machine.handedOver()
    }

    private mutating func next(
        _ milliseconds: Int,
        _ step: TransactionMachine.Step?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        same(self.machine.next(now: Self.at(milliseconds)), step, sourceLocation: sourceLocation)
    }

    private mutating func admit(_ stream: StreamID, endsMessage: Bool = true) -> TransactionMachine.Admission {
        self.machine.admit(stream, heldBytes: 1, endsMessage: endsMessage, now: Self.at(0))
    }

    // MARK: When it ends

    @Test("it is committed when its interval is over, once, and the next batch begins another")
    mutating func interval() {
        self.next(1_000, nil)
        #expect(self.machine.nextDeadline == nil, "nothing is open")
        self.send(self.a, at: 10)
        self.send(self.a, at: 20)
        #expect(self.machine.nextDeadline == Self.at(110) && self.machine.beganAt == Self.at(10))
        self.next(109, nil)
        #expect(!self.machine.needsAttention(now: Self.at(109)) && self.machine.needsAttention(now: Self.at(110)))
        self.next(110, .commit)
        self.next(111, nil)
        #expect(self.machine.nextDeadline == nil && !self.machine.needsAttention(now: Self.at(200)))
        for _ in 0..<2 { self.machine.reported() }
        self.machine.ended()
        #expect(self.machine.beganAt == nil)
        self.send(self.a, at: 200)
        self.next(299, nil)
        self.next(300, .commit)
    }

    @Test("so many batches, or bytes, of one stream end it at once; those of others do not count")
    mutating func full() {
        for _ in 0..<3 {
            self.send(self.a)
            self.send(self.b)
        }
        self.next(1, nil)
        self.send(self.b)
        #expect(self.machine.needsAttention(now: Self.at(1)))
        self.next(1, .commit)
        for _ in 0..<7 { self.machine.reported() }
        self.machine.ended()
        self.send(self.a, bytes: 999)
        self.send(self.b, bytes: 999)
        self.next(1, nil)
        self.send(self.a, bytes: 1)
        self.next(1, .commit)
    }

    @Test("it ends at the end of a message of each of its streams, and nowhere else")
    mutating func messageEnd() {
        self.send(self.a, endsMessage: false)
        self.send(self.b)
        self.next(100, nil)
        #expect(self.machine.nextDeadline == Self.at(5_100))
        self.send(self.a, endsMessage: false)
        self.next(5_099, nil)
        self.send(self.a, endsMessage: true)
        #expect(self.machine.needsAttention(now: Self.at(200)))
        self.next(200, .commit)
        #expect(self.machine.splitMessages == 0)
    }

    @Test("while it ends, only the rest of messages that have begun gets in; everybody else waits for the next one")
    mutating func othersWait() {
        self.send(self.a, endsMessage: false)
        self.send(self.b)
        self.next(100, nil)
        same(self.admit(self.b), .wait)
        same(self.admit(self.c), .wait)
        self.send(self.a, endsMessage: true)
        same(self.admit(self.a), .wait, "its message has ended")
        self.next(100, .commit)
        for stream in [self.a, self.b, self.c] { same(self.admit(stream), .wait) }
        for _ in 0..<3 { self.machine.reported() }
        self.machine.ended()
        same(self.admit(self.c), .admitted(begins: true))
    }

    @Test("what is due takes nothing more, though its driver has not looked yet (bounded-bytes)")
    mutating func due() {
        for _ in 0..<4 { self.send(self.a) }
        same(self.admit(self.a), .wait, "it is full")
        #expect(self.machine.needsAttention(now: Self.at(0)))
        self.next(0, .commit)
        for _ in 0..<4 { self.machine.reported() }
        self.machine.ended()
        self.send(self.a, endsMessage: false, at: 10)
        func late(_ stream: StreamID) -> TransactionMachine.Admission {
            self.machine.admit(stream, heldBytes: 1, endsMessage: true, now: Self.at(110))
        }
        same(late(self.b), .wait, "its interval is over")
        same(late(self.a), .admitted(begins: false), "the rest of a message that has begun")
        self.machine.handedOver()
        self.next(110, .commit)
    }

    @Test("a message whose rest does not come is cut after its time, and counted (no-dead-wait)")
    mutating func cut() {
        self.send(self.a, endsMessage: false)
        self.send(self.b, endsMessage: false)
        self.send(self.c)
        self.next(150, nil)
        self.next(5_149, nil)
        #expect(self.machine.nextDeadline == Self.at(5_150), "counted from when it was due")
        self.next(5_150, .commit)
        #expect(self.machine.splitMessages == 2)
    }

    @Test("nothing ends while a batch is being handed over, and it is no time that is waited for then")
    mutating func handingOver() {
        same(self.admit(self.a), .admitted(begins: true))
        self.next(100, nil)
        #expect(self.machine.nextDeadline == nil)
        self.next(60_000, nil)
        self.machine.handedOver()
        #expect(self.machine.needsAttention(now: Self.at(60_000)))
        self.next(60_000, .commit)
    }

    // MARK: Somebody waits for the end

    @Test("a stream that settles ends it at once, and no rest of its message is waited for (bounded-stop)")
    mutating func settling() {
        self.send(self.a, endsMessage: false)
        self.send(self.b)
        self.machine.settle(self.c)
        self.next(1, nil)
        self.machine.settle(self.a)
        self.next(1, .commit)
        #expect(self.machine.splitMessages == 1)
        for _ in 0..<2 { self.machine.reported() }
        self.machine.ended()
        self.send(self.b, at: 2)
        self.next(3, nil)
        #expect(self.machine.nextDeadline == Self.at(102), "nobody is in a hurry any more")
    }

    @Test("a stream that settles does not cut the messages of others")
    mutating func settlingBesideAMessage() {
        self.send(self.a)
        self.send(self.b, endsMessage: false)
        self.machine.settle(self.a)
        self.next(1, nil)
        #expect(self.machine.nextDeadline == Self.at(5_001))
        self.send(self.b)
        self.next(2, .commit)
        #expect(self.machine.splitMessages == 0)
    }

    @Test("settling changes nothing where nothing is open, or what is open cannot be committed any more")
    mutating func settlingInVain() {
        self.machine.settle(self.a)
        self.send(self.a, endsMessage: false)
        self.next(1, nil)
        self.machine.failed(reason: "r")
        self.machine.settle(self.a)
        self.next(1, .abort(reason: "r"))
        self.machine.settle(self.a)
        self.next(1, nil)
    }

    // MARK: When it fails

    @Test("a record that was not written aborts it, but only when nothing is being handed over")
    mutating func failed() {
        self.send(self.a)
        same(self.admit(self.b), .admitted(begins: false))
        self.machine.failed(reason: "first")
        self.machine.failed(reason: "second")
        #expect(self.machine.isFailed && self.machine.nextDeadline == nil)
        self.next(1_000, nil)
        same(self.admit(self.a), .wait)
        self.machine.handedOver()
        #expect(self.machine.needsAttention(now: Self.at(0)))
        self.next(0, .abort(reason: "first"))
        self.next(0, nil)
        same(self.admit(self.a), .wait)
        for _ in 0..<2 { self.machine.reported() }
        self.machine.ended()
        same(self.admit(self.a), .admitted(begins: true))
    }

    @Test("it is aborted also while it ends, in the middle of a message, and when its commit is refused")
    mutating func failedLater() {
        self.send(self.a, endsMessage: false)
        self.next(100, nil)
        self.machine.failed(reason: "r")
        self.next(100, .abort(reason: "r"))
        self.machine.reported()
        self.machine.ended()
        self.send(self.b)
        self.next(200, .commit)
        self.machine.admitPositions()
        self.machine.commitRefused(reason: "no")
        self.next(200, .abort(reason: "no"))
        #expect(self.machine.splitMessages == 0)
        for _ in 0..<2 { self.machine.reported() }
        self.machine.ended()
        #expect(!self.machine.hasUnreported)
    }

    @Test("a failure says nothing where there is no transaction, or the driver will hear it from the broker")
    mutating func failedInVain() {
        self.machine.failed(reason: "r")
        self.next(0, nil)
        self.send(self.a)
        self.next(100, .commit)
        self.machine.failed(reason: "r")
        self.next(100, nil)
        self.machine.reported()
        self.machine.ended()
        #expect(!self.machine.isFailed)
    }

    @Test("what is uncertain is found out by recovery, whatever was to be done before")
    mutating func uncertain() {
        self.machine.uncertain(reason: "idle")
        same(self.admit(self.a), .wait)
        self.next(0, .recover(reason: "idle"))
        self.machine.ended()
        self.send(self.a)
        self.machine.failed(reason: "r")
        self.machine.uncertain(reason: "fatal")
        self.next(0, .recover(reason: "fatal"))
        self.next(0, nil)
        self.machine.reported()
        self.machine.ended()
        self.send(self.a)
        self.next(100, .commit)
        self.machine.uncertain(reason: "time-out")
        self.next(100, .recover(reason: "time-out"))
        self.machine.reported()
        self.machine.ended()
        self.send(self.a)
        self.machine.failed(reason: "r")
        self.next(0, .abort(reason: "r"))
        self.machine.uncertain(reason: "no answer")
        self.next(0, .recover(reason: "no answer"))
    }

    @Test("who has lost the partition is let in nowhere any more, and does nothing (one-owner)")
    mutating func lost() {
        self.send(self.a)
        self.machine.uncertain(reason: "fenced")
        self.next(0, .recover(reason: "fenced"))
        self.machine.lost(reason: "two has it")
        #expect(self.machine.beganAt == nil && self.machine.nextDeadline == nil)
        self.machine.failed(reason: "r")
        self.machine.uncertain(reason: "r")
        self.machine.settle(self.a)
        for milliseconds in [0, 100, 100_000] {
            self.next(milliseconds, nil)
            #expect(!self.machine.needsAttention(now: Self.at(milliseconds)))
            same(self.admit(self.a), .refused(reason: "two has it"))
        }
    }
}
