import NIOCore

/// One topic that was subscribed to once: its clock goes on whether anybody listens or not. Belongs to the simulator's event
/// loop; a class, for its account is changed with each event and is too large to be copied.
final class TopicLine {
    /// Made in one tick at the most: what is left comes in the next one.
    private static let tickCountMax = 1_000

    let topic: NotificationTopic
    var pace: ProductionPace
    var account = TopicAccount()
    var times = TopicTimes()
    /// For the next event.
    var timer: Scheduled<Void>?
    /// Whether it waits for its turn to make what is due.
    var isDue = false

    init(topic: NotificationTopic, rate: ProductionRate, now: NIODeadline) {
        self.topic = topic
        self.pace = ProductionPace(rate: rate, now: now)
    }

    /// The numbers of the events that come to be now.
    func due(now: NIODeadline) -> Range<Int> {
        // Without a limit the topics take turns.
        let countMax = self.pace.isUnlimited ? 1 : Self.tickCountMax
        let end = min(self.pace.end(now: now), self.account.produced + countMax)
        return self.account.produced..<max(end, self.account.produced)
    }

    /// When the next event comes to be; nil: never.
    var nextInstant: NIODeadline? {
        self.pace.instant(endReaches: self.account.produced + 1)
    }
}
