import BridgeCore

/// The notification service as far as a week of one topic set needs it, in virtual time.
final class SimulatedServer {
    struct Message {
        enum Kind {
            /// The event's number.
            case event(Int)
            case control(ChannelControl)
        }

        var kind: Kind
        var sentAt: Instant
    }

    /// What is on its way on one socket, and what has arrived.
    struct Socket {
        var channel: ChannelID
        var isOpen = true
        /// Nothing gets through.
        var isStalled = false
        /// What is sent before is dropped, and nothing else shows it.
        var hushedUntil = Instant()
        var observes = true
        var openedAt: Instant
        /// How much later than the network alone makes it everything comes.
        var lag = Duration.zero
    }

    struct Channel {
        var topics: Set<String> = []
        var expiresAt: Instant
        var isEvicted = false
    }

    struct Event {
        var topic: String
        var body: String
        var sentAt: Instant
    }

    var channels: [ChannelID: Channel] = [:]
    var sockets: [SocketID: Socket] = [:]
    /// Everything that ever happened in the organization.
    var events: [Event] = []

    /// The sockets on which an event of `topic` goes out.
    func observers(of topic: String) -> [SocketID] {
        self.sockets.filter { _, socket in
            guard socket.isOpen, socket.observes, let channel = self.channels[socket.channel] else { return false }
            return !channel.isEvicted && channel.topics.contains(topic)
        }
        .keys.sorted { $0.number < $1.number }
    }
}
