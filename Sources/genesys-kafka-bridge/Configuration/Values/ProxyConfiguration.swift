import BridgeCore

/// The HTTP proxy on the way out.
struct ProxyConfiguration: Hashable, Sendable {
    var host: String
    var port: Int
    var username: String?
    var password: Secret?
    /// Hosts, domains, addresses and networks that are reached without it.
    var noProxy: [String]
}
