import NIOCore

/// Lets streams send in rounds, each stream once a round, with I/O between two rounds.
///
/// An event loop runs all tasks that are due before it looks at its sockets again. A stream that queues itself anew after
/// each of its turns, or whose timers are always due, would keep the loop from ever reading a ping, and so would a timer that
/// on a busy machine is due before the loop has come to it. So a round is begun by a datagram that the loop sends to itself:
/// to read it, the loop looks at all of its sockets.
///
/// Receives streams that have something to send. Hands them their turns. Holds at most one entry for each stream.
final class SendingRounds {
    /// Who sends when it is told to.
    protocol Sender: AnyObject {
        func takeTurn()
    }

    /// Where no datagram can be sent.
    private static let pause = TimeAmount.milliseconds(1)

    private let eventLoop: any EventLoop
    private let datagram = ByteBuffer(bytes: [0])
    private var channel: (any Channel)?
    private var waiting: [any Sender] = []

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// A channel of datagrams, which begins the rounds from now on. It belongs to the same event loop.
    func use(_ channel: any Channel) throws {
        try channel.pipeline.syncOperations.addHandler(Receiver(rounds: self))
        self.channel = channel
    }

    /// Gives the sender a turn in the next round. It asks once a turn.
    func enqueue(_ sender: any Sender) {
        self.waiting.append(sender)
        guard self.waiting.count == 1 else { return }
        guard let channel, let address = channel.localAddress else { return self.beginLater() }
        channel.writeAndFlush(AddressedEnvelope(remoteAddress: address, data: self.datagram)).assumeIsolated()
            .whenFailure { _ in self.beginLater() }
    }

    private func beginLater() {
        self.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.begin() }
    }

    private func begin() {
        let round = self.waiting
        self.waiting = []
        for sender in round { sender.takeTurn() }
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>

        private let rounds: SendingRounds

        init(rounds: SendingRounds) {
            self.rounds = rounds
        }

        func channelRead(context _: ChannelHandlerContext, data _: NIOAny) { self.rounds.begin() }
    }
}
