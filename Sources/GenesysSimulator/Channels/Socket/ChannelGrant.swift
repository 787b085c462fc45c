import NIOCore

/// What an accepted connection to a channel entitles a socket to.
struct ChannelGrant {
    /// Unique within the simulator.
    let number: Int
    let tenant: TenantState
    let channel: RegisteredChannel
    /// When the channel ends for its token's sake; nil: not at all.
    let tokenExpires: NIODeadline?
}
