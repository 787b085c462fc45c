import NIOCore

/// One channel: what it is subscribed to, and for how long it lives.
struct RegisteredChannel {
    /// The credential of its socket. Secret.
    let id: String
    /// The token that it was created with. Secret.
    let token: String
    let created: NIODeadline
    var expires: NIODeadline
    /// When its token ends, and it with it; nil: it outlives its token.
    let tokenEnd: NIODeadline?
    /// Grows with each use: the order of eviction.
    var lastUse: Int
    var isConnected = false
    private(set) var subscriptions: [ChannelSubscription] = []
    private var ids: Set<String> = []

    /// - Parameter lastUse: the number of its creation among all uses.
    init(
        id: String,
        token: String,
        created: NIODeadline,
        expires: NIODeadline,
        tokenEnd: NIODeadline?,
        lastUse: Int
    ) {
        self.id = id
        self.token = token
        self.created = created
        self.expires = expires
        self.tokenEnd = tokenEnd
        self.lastUse = lastUse
    }

    /// Its life's end as it is now.
    var end: NIODeadline { min(self.expires, self.tokenEnd ?? self.expires) }

    /// Those of `added` that it has already are passed over.
    mutating func add(_ added: [ChannelSubscription]) {
        self.subscriptions += added.filter { self.ids.insert($0.id).inserted }
    }

    /// How many it would have with these.
    func count(with added: [ChannelSubscription]) -> Int {
        self.ids.union(added.map(\.id)).count
    }

    /// Whether these are the ones that it has.
    func hasExactly(_ other: [ChannelSubscription]) -> Bool {
        self.ids == Set(other.map(\.id))
    }

    mutating func removeSubscriptions() {
        self.subscriptions = []
        self.ids = []
    }
}
