import GenesysSimulator

/// A kind of fault of either dialect.
enum ChaosKind: Hashable {
    case fault(FaultKind)
    case channelFault(ChannelFaultKind)

    /// What a tenant's stream can meet.
    static let ofStreams = FaultKind.allCases.map(Self.fault)
    /// What a tenant's channels can meet: all that is theirs, and the requests that both dialects make.
    static let ofChannels =
        ChannelFaultKind.allCases.map(Self.channelFault)
        + [.tokenRefused, .tokenServerError, .tokenHang, .restServerError, .restHang].map(Self.fault)

    /// The name that it is counted under.
    var name: String {
        switch self {
        case .fault(let kind): kind.rawValue
        case .channelFault(let kind): kind.rawValue
        }
    }
}
