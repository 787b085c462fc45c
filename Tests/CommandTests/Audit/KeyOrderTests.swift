import Testing

@testable import genesys_kafka_bridge

/// What says that a key's records are in order must be able to say that one is not.
@Suite("The order of keys")
struct KeyOrderTests {
    private static let presence = "v2.users.u1.presence"
    private static let status = "v2.users.u1.routingStatus"

    private struct Seen {
        var topic: String
        var number: Int
        var own: Int?
        var received: Int?
        var key = "u1"
        var kafkaTopic = "t"
        var stream: String? = "0"
    }

    /// The places of those that stand behind later ones.
    private func late(_ events: [Seen], _ order: inout KeyOrder) -> [Int] {
        events.indices.filter { index in
            let event = events[index]
            return order.isLate(
                NumberedNotification(topic: event.topic, number: event.number),
                at: KeyOrder.Place(kafkaTopic: event.kafkaTopic, key: Array(event.key.utf8)),
                (event.own ?? event.received).map { EventTime(milliseconds: $0, isOwn: event.own != nil) },
                stream: event.stream
            )
        }
    }

    private func late(_ events: [Seen]) -> [Int] {
        var order = KeyOrder()
        return self.late(events, &order)
    }

    @Test(
        "an event behind a later one of its topic and key is out of order, of other keys and Kafka topics it is not (order-per-key)"
    )
    func numbers() {
        func events(_ change: (inout Seen) -> Void) -> [Seen] {
            var last = Seen(topic: Self.presence, number: 3)
            change(&last)
            return [2, 4].map { Seen(topic: Self.presence, number: $0) } + [last]
        }
        #expect(self.late(events { _ in }) == [2])
        #expect(self.late(events { $0.stream = nil }) == [2], "numbers need no channel")
        #expect(self.late(events { $0.key = "c2" }) == [])
        #expect(self.late(events { $0.kafkaTopic = "other" }) == [])
        #expect(self.late(events { $0.topic = Self.status }) == [])
        #expect(self.late(events { $0.number = 5 }) == [])
        #expect(self.late([3, 1, 2].map { Seen(topic: Self.presence, number: $0) }) == [1, 2])
    }

    @Test(
        "of topics that share a key one's event that came to be earlier is behind a later one of the other (order-per-key)"
    )
    func ownTimes() {
        let events = [
            Seen(topic: Self.presence, number: 1, own: 100), Seen(topic: Self.status, number: 1, own: 300),
            Seen(topic: Self.presence, number: 2, own: 200),
        ]
        #expect(self.late(events) == [2])
        #expect(self.late([events[0], events[2], events[1]]) == [])
        var atOnce = events
        atOnce[2].own = 300
        #expect(self.late(atOnce) == [])
        for change in [{ $0.key = "u2" }, { $0.kafkaTopic = "other" }] as [(inout Seen) -> Void] {
            var elsewhere = events
            change(&elsewhere[2])
            #expect(self.late(elsewhere) == [])
        }
    }

    @Test("so is one that was received earlier, also where the other tells when it came to be")
    func received() {
        let first = Seen(topic: Self.presence, number: 1, received: 100)
        let late = Seen(topic: Self.presence, number: 2, received: 200)
        #expect(self.late([first, Seen(topic: Self.status, number: 1, received: 300), late]) == [2])
        #expect(self.late([first, Seen(topic: Self.status, number: 1, received: 200), late]) == [])
        #expect(self.late([first, Seen(topic: Self.status, number: 1, own: 204), late]) == [2])
        // Less than what two clocks may differ by.
        #expect(self.late([first, Seen(topic: Self.status, number: 1, own: 203), late]) == [])
        // It may have come to be at 200, and have been on its way until 400.
        #expect(
            self.late([
                Seen(topic: Self.status, number: 1, received: 300), Seen(topic: Self.presence, number: 2, own: 200),
            ]) == []
        )
        // Of one topic numbers tell, whatever the clock did.
        #expect(self.late([first, Seen(topic: Self.presence, number: 2, received: 50)]) == [])
    }

    @Test("topics of different channels, or of which no gap record tells the channel, are not compared, and it is said")
    func channels() {
        for (one, other, isCompared) in [
            ("0", "0", true), ("0", "1", false), ("0", nil, false), (nil, "0", false), (nil, nil, false),
        ]
            as [(String?, String?, Bool)]
        {
            var order = KeyOrder()
            let late = self.late(
                [
                    Seen(topic: Self.presence, number: 1, own: 300, stream: one),
                    Seen(topic: Self.status, number: 1, own: 100, stream: other),
                    Seen(topic: Self.status, number: 2, own: 110, stream: other),
                ],
                &order
            )
            #expect(late == (isCompared ? [1, 2] : []) && order.uncomparedKeyCount == (isCompared ? 0 : 1))
        }
        // One that becomes known.
        var order = KeyOrder()
        let known = [
            Seen(topic: Self.presence, number: 1, own: 100, stream: nil),
            Seen(topic: Self.presence, number: 2, own: 200),
            Seen(topic: Self.status, number: 1, own: 150),
        ]
        #expect(self.late(known, &order) == [2] && order.uncomparedKeyCount == 0)
    }

    @Test("too many keys are not followed, and it is said of how many records")
    func bound() {
        var order = KeyOrder(countMax: 2)
        let events = ["a", "b", "c"].flatMap { key in
            [2, 1].map { Seen(topic: Self.presence, number: $0, key: key) }
        }
        #expect(self.late(events, &order) == [1, 3] && order.unfollowedCount == 2)
    }
}
