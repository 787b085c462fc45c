import NIOCore

/// Lets streams send in rounds, each stream once a round, with I/O between two rounds.
///
/// An event loop runs all tasks that are due before it looks at its sockets again. A stream that queues itself anew after
/// each of its turns, or whose timers are always due, would keep the loop from ever reading a ping. The pause between two
/// rounds leaves no task due, so the loop turns to its sockets.
///
/// Receives streams that have something to send. Hands them their turns. Holds at most one entry for each stream.
final class SendingRounds {
    /// Longer than the loop takes from one task to the next, short against a stream's turn.
    private static let pause = TimeAmount.microseconds(20)

    private let eventLoop: any EventLoop
    private var waiting: [StreamHandler] = []

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Gives the stream a turn in the next round. It asks once a turn.
    func enqueue(_ stream: StreamHandler) {
        self.waiting.append(stream)
        guard self.waiting.count == 1 else { return }
        self.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            let round = self.waiting
            self.waiting = []
            for stream in round { stream.takeTurn() }
        }
    }
}
