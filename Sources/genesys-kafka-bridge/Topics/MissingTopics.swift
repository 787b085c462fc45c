/// What a start makes of topics that the cluster does not have.
enum MissingTopics: Hashable {
    /// There are none.
    case none
    /// The cluster creates them, with its own defaults.
    case createdOnFirstUse([String])
    /// The cluster does not say whether it creates them.
    case unknown([String])
    /// Nobody creates them: records for them would wait for ever.
    case neverCreated([String])

    /// - Parameter areCreated: whether the cluster creates topics by itself; nil where it does not say.
    init(_ names: [String], areCreated: Bool?) {
        guard !names.isEmpty else {
            self = .none
            return
        }
        switch areCreated {
        case true?: self = .createdOnFirstUse(names)
        case false?: self = .neverCreated(names)
        case nil: self = .unknown(names)
        }
    }

    /// What to say; nil where there is nothing.
    var message: String? {
        switch self {
        case .none: nil
        case .createdOnFirstUse(let names):
            "the cluster has no \(Self.listed(names)); it creates what is missing on first use, with its own defaults"
        case .unknown(let names):
            "the cluster has no \(Self.listed(names)), and does not say whether it creates topics by itself; \(Self.remedy)"
        case .neverCreated(let names):
            "the cluster has no \(Self.listed(names)), and creates no topics by itself; \(Self.remedy)"
        }
    }

    private static let remedy =
        "create what is missing with `genesys-kafka-bridge topics --config FILE --apply`; a topic that this "
        + "user may not see looks missing, too"

    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(20).joined(separator: ", ")
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "\(names.count == 1 ? "topic" : "topics") \(shown)\(more)"
    }
}
