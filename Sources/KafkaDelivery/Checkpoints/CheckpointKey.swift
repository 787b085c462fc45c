internal import BridgeCore

/// The key of a record of the checkpoint topic.
enum CheckpointKey: Hashable, Sendable {
    /// `<tenant>/<stream>`.
    case stream(StreamID)
    /// `<tenant>/plan`: which stream brings which subscription. Streams are numbered, so that no stream has this name.
    case plan(tenant: String)
    /// `<tenant>/owner`: who commits for the tenant.
    case owner(tenant: String)

    /// Reads a key; nil where it is not of this topic. Tenants' names have no slash.
    init?(_ bytes: [UInt8]?) {
        guard let bytes, let text = String(validating: bytes, as: UTF8.self),
            let slash = text.firstIndex(of: "/")
        else { return nil }
        let tenant = String(text[..<slash])
        let name = String(text[text.index(after: slash)...])
        guard !tenant.isEmpty, !name.isEmpty else { return nil }
        switch name {
        case "plan": self = .plan(tenant: tenant)
        case "owner": self = .owner(tenant: tenant)
        default: self = .stream(StreamID(tenant: tenant, stream: name))
        }
    }

    var tenant: String {
        switch self {
        case .stream(let stream): stream.tenant
        case .plan(let tenant), .owner(let tenant): tenant
        }
    }

    var text: String {
        switch self {
        case .stream(let stream): stream.description
        case .plan(let tenant): "\(tenant)/plan"
        case .owner(let tenant): "\(tenant)/owner"
        }
    }
}
