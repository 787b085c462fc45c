import BridgeCore
import Testing

@Suite("Acknowledgement watch (no-dead-wait)")
struct AcknowledgementWatchTests {
    private static func at(_ seconds: Int) -> Instant { Instant().advanced(by: .seconds(seconds)) }

    @Test(
        "what has no answer is noticed once the limit is over, and again whenever the time has doubled (no-dead-wait)"
    )
    func silence() {
        var watch = AcknowledgementWatch(limit: .seconds(30))
        #expect(watch.nextDeadline == nil)
        same(watch.next(now: Self.at(1_000)), nil)
        watch.handedOver(now: Self.at(1_000))
        // Company changes nothing: the first one waits.
        watch.handedOver(now: Self.at(1_020))
        #expect(watch.nextDeadline == Self.at(1_030))
        same(watch.next(now: Self.at(1_029)), nil)
        #expect(watch.silentSince == nil)
        same(watch.next(now: Self.at(1_030)), .seconds(30))
        #expect(watch.silentSince == Self.at(1_000))
        same(watch.next(now: Self.at(1_030)), nil)
        watch.handedOver(now: Self.at(1_040))
        #expect(watch.nextDeadline == Self.at(1_060))
        same(watch.next(now: Self.at(1_060)), .seconds(60))
        #expect(watch.nextDeadline == Self.at(1_120))
        same(watch.answered(outstanding: 1, now: Self.at(1_100)), .seconds(100))
        #expect(watch.silentSince == nil && watch.nextDeadline == Self.at(1_130), "the rest has its own time")
    }

    @Test("a stream that is answered now and then, or has nothing under way, is not silent")
    func answers() {
        var watch = AcknowledgementWatch(limit: .seconds(30))
        watch.handedOver(now: Self.at(0))
        for second in 1...100 {
            same(watch.answered(outstanding: 7, now: Self.at(20 * second)), nil)
            same(watch.next(now: Self.at(20 * second)), nil)
        }
        same(watch.answered(outstanding: 0, now: Self.at(2_001)), nil)
        #expect(watch.nextDeadline == nil)
        same(watch.next(now: Self.at(9_999)), nil)
    }
}
