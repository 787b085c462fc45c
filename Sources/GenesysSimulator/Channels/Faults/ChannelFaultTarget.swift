/// Which of a tenant's open sockets a fault hits.
public enum ChannelFaultTarget: Sendable, Hashable {
    case all
    /// One of the seed's choice.
    case one
    /// That of the channel with this identifier.
    case channel(String)
}
