/// One channel from the token that makes it to the end of its socket.
struct ChannelLeg: Hashable {
    /// Where it stands. Each case names its successors; each can also be given up. Where no pause ends it, an operation is in flight.
    enum Phase: Hashable {
        /// → `awaitingPlace`, `creating`.
        case awaitingToken
        /// Beside a living one. → `creating`.
        case awaitingPlace
        /// → `subscribing`.
        case creating
        /// → `dialing`.
        case subscribing
        /// Also while another socket is being opened. → `dialing`.
        case dialPause(until: Instant)
        /// → `open`, `dialPause`, `checking`.
        case dialing(SocketID)
        /// Live once it was heard. → `dialPause`, `checking`.
        case open(ChannelSocket)
        /// Whether the channel is valid still. The end of the leg in any case.
        case checking
    }

    /// A change of subscriptions beside an open socket.
    enum Update: Hashable {
        /// → none, `paused`.
        case inFlight(added: [String], removed: Set<String>, mode: SubscriptionMode)
        /// → none.
        case paused(until: Instant)
    }

    let id: ChannelID
    var phase: Phase = .awaitingToken
    var tokenSerial: Int?
    var tokenExpiresAt: Instant?
    var expiresAt: Instant?
    /// The topics that the server was asked for.
    var asked: Set<String> = []
    /// Those that it brings.
    var accepted: Set<String> = []
    /// Those that it does not, and why.
    var rejected: [String: String] = [:]
    /// Accepted beside the open socket, which was not heard since.
    var unheard: Set<String> = []
    var update: Update?
    /// Nobody knows whether the last change was carried out: the next one says all that is wanted.
    var mustReplace = false
    var updateBackoff: Backoff
    var redialBackoff: Backoff
    /// How often the URI was dialled again since the socket was healthy.
    var redials = 0
    /// When rejected topics are asked for again.
    var revalidateAt: Instant?
    /// When another channel has to follow it.
    var rolloverAt: Instant?
    /// Whether another channel has to follow it at once: the server said so.
    var mustBeFollowed = false
    /// Whether the follower needs another token.
    var needsNewToken = false

    init(_ id: ChannelID, policy: ChannelPolicy) {
        self.id = id
        self.updateBackoff = Backoff(policy.backoff)
        self.redialBackoff = Backoff(policy.redial)
    }

    /// The open socket.
    var socket: ChannelSocket? {
        get {
            guard case .open(let socket) = self.phase else { return nil }
            return socket
        }
        set {
            guard let newValue, case .open = self.phase else { return }
            self.phase = .open(newValue)
        }
    }

    /// The open socket's id, or that of the one that is being opened.
    var socketID: SocketID? {
        switch self.phase {
        case .dialing(let id): id
        case .open(let socket): socket.id
        case .awaitingToken, .awaitingPlace, .creating, .subscribing, .dialPause, .checking: nil
        }
    }

    var isLive: Bool { self.socket?.liveSince != nil }

    /// Whether the server was asked for the subscriptions: it may have taken them from another channel.
    var hasSubscribed: Bool {
        switch self.phase {
        case .awaitingToken, .awaitingPlace, .creating: false
        case .subscribing, .dialPause, .dialing, .open, .checking: true
        }
    }
}
