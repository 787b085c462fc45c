import NIOCore
import NIOEmbedded
import Testing

@testable import GenesysSimulator

/// Whoever sends for as long as it can leaves room for those who want to be heard.
@Suite struct SendingRoundsTests {
    /// Always has something more to send.
    private final class Eager: SendingRounds.Sender {
        let rounds: SendingRounds
        var turns = 0

        init(_ rounds: SendingRounds) {
            self.rounds = rounds
        }

        func takeTurn() {
            self.turns += 1
            self.rounds.enqueue(self)
        }
    }

    @Test func `no round is a task that is due: each is begun by a datagram, however late the loop is`() throws {
        let channel = EmbeddedChannel()
        channel.localAddress = try SocketAddress(ipAddress: "127.0.0.1", port: 9)
        let rounds = SendingRounds(eventLoop: channel.embeddedEventLoop)
        try rounds.use(channel)
        let senders = [Eager(rounds), Eager(rounds)]
        for sender in senders { rounds.enqueue(sender) }
        for turns in 0..<3 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(senders.map(\.turns) == [turns, turns])
            let datagram = try #require(try channel.readOutbound(as: AddressedEnvelope<ByteBuffer>.self))
            #expect(datagram.remoteAddress == channel.localAddress)
            #expect(try channel.readOutbound(as: AddressedEnvelope<ByteBuffer>.self) == nil, "one for all of them")
            try channel.writeInbound(datagram)
        }
        _ = try? channel.finish()
    }

    @Test func `without a channel a timer begins the round`() {
        let loop = EmbeddedEventLoop()
        let rounds = SendingRounds(eventLoop: loop)
        let sender = Eager(rounds)
        rounds.enqueue(sender)
        #expect(sender.turns == 0)
        loop.advanceTime(by: .milliseconds(1))
        #expect(sender.turns == 1)
    }
}
