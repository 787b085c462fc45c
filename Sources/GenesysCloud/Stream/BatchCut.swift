/// Which of a message's events make up one batch, and which of its decoded strings are theirs.
struct BatchCut: Hashable {
    /// The first event's index.
    var start: Int
    /// The index behind the last event.
    var end: Int
    /// The first byte of the tail that belongs to these events.
    var tailStart: Int
    /// The index behind the last one.
    var tailEnd: Int

    /// A cut at event `start` with nothing in it yet.
    init(start: Int, tailStart: Int = 0) {
        self.start = start
        self.end = start
        self.tailStart = tailStart
        self.tailEnd = tailStart
    }
}
