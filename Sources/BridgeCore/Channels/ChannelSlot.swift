/// One channel that is to be live at all times, and those that come before and after it.
struct ChannelSlot: Hashable {
    /// A time without an attempt.
    struct Pause: Hashable {
        var until: Instant
        /// Only a token with a higher serial will do.
        var tokenNewerThan: Int?
        var kind: Kind
        var reason: String

        enum Kind: Hashable {
            case trouble, eviction, refusal
        }
    }

    /// A channel whose follower is live, still read until it has caught up with the moment at which that was.
    struct Retiring: Hashable {
        var leg: ChannelLeg
        /// The follower, for whose sake a place is held.
        var follower: ChannelID
        var followerLiveSince: Instant
        /// When it was proven that everything was read which only this one was sent.
        var provenAt: Instant?
        var overlapUntil: Instant
        var giveUpAt: Instant
    }

    /// The channel that is read, or is to be. Nil during a pause, and while nothing is wanted.
    var main: ChannelLeg?
    var pause: Pause?
    /// The channel that is to follow it (C4). Its trouble never harms the main one.
    var successor: ChannelLeg?
    var successorPause: Pause?
    var retiring: [Retiring] = []
    var backoff: Backoff
    var successorBackoff: Backoff

    init(policy: ChannelPolicy) {
        self.backoff = Backoff(policy.backoff)
        self.successorBackoff = Backoff(policy.backoff)
    }
}
