import NIOCore

/// The channels of one OAuth client, and which of them has to go.
///
/// Receives what REST and sockets ask for. Hands back what is evicted. Holds at most `countMax` channels.
struct ChannelRegistry {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")

    private let hash: SeededHash
    private let countMax: Int
    private let lifetime: TimeAmount
    private let renewal: ChannelRenewal
    private var channels: [String: RegisteredChannel] = [:]
    private var created = 0
    private var uses = 0

    init(hash: SeededHash, settings: ChannelSettings) {
        self.hash = hash
        self.countMax = settings.channelCountMax
        self.lifetime = .milliseconds(Int64(settings.lifetimeMilliseconds))
        self.renewal = settings.renewal
    }

    /// The living ones, in the order of their creation.
    var all: [RegisteredChannel] {
        self.channels.values.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    }

    /// Whether it is there, its life over or not.
    func has(_ id: String) -> Bool { self.channels[id] != nil }

    /// The channel of this identifier, if its life is not over.
    func channel(_ id: String, now: NIODeadline) -> RegisteredChannel? {
        self.channels[id].flatMap { now < $0.end ? $0 : nil }
    }

    /// A new channel, and the one that had to go for it.
    ///
    /// - Parameter tokenEnd: when it ends for its token's sake.
    mutating func create(
        token: String,
        tokenEnd: NIODeadline?,
        now: NIODeadline
    ) -> (created: RegisteredChannel, evicted: RegisteredChannel?) {
        var evicted: RegisteredChannel?
        if self.channels.count >= self.countMax {
            evicted = self.channels.values.min {
                ($0.isConnected ? 1 : 0, $0.lastUse) < ($1.isConnected ? 1 : 0, $1.lastUse)
            }
            if let evicted { self.channels[evicted.id] = nil }
        }
        self.created += 1
        self.uses += 1
        let channel = RegisteredChannel(
            id: self.identifier(self.created),
            token: token,
            created: now,
            expires: now + self.lifetime,
            tokenEnd: tokenEnd,
            lastUse: self.uses
        )
        self.channels[channel.id] = channel
        return (channel, evicted)
    }

    private func identifier(_ number: Int) -> String {
        let letters = (0..<26).map { Self.alphabet[Int(self.hash(number &* 32 &+ $0) >> 59)] }
        return "streaming-\(self.hash(-number) % 4)-\(String(letters))"
    }

    /// It was used: others are evicted before it.
    mutating func touch(_ id: String) {
        self.uses += 1
        self.channels[id]?.lastUse = self.uses
    }

    mutating func setConnected(_ isConnected: Bool, _ id: String) {
        self.channels[id]?.isConnected = isConnected
        self.touch(id)
    }

    mutating func add(_ subscriptions: [ChannelSubscription], to id: String) {
        self.channels[id]?.add(subscriptions)
        self.touch(id)
    }

    /// Replaces all of them, and renews the channel's life as the setting says.
    mutating func replace(_ subscriptions: [ChannelSubscription], of id: String, now: NIODeadline) {
        guard var channel = self.channels[id] else { return }
        let renews =
            switch self.renewal {
            case .always: true
            case .whenTopicsChange: !channel.hasExactly(subscriptions)
            case .never: false
            }
        channel.removeSubscriptions()
        channel.add(subscriptions)
        if renews { channel.expires = now + self.lifetime }
        self.channels[id] = channel
        self.touch(id)
    }

    mutating func removeSubscriptions(of id: String) {
        self.channels[id]?.removeSubscriptions()
        self.touch(id)
    }

    @discardableResult
    mutating func remove(_ id: String) -> RegisteredChannel? {
        self.channels.removeValue(forKey: id)
    }

    /// Forgets those whose life is over.
    mutating func removeExpired(now: NIODeadline) -> [RegisteredChannel] {
        let expired = self.channels.values.filter { $0.end <= now }
        for channel in expired { self.channels[channel.id] = nil }
        return expired
    }
}
