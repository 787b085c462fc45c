/// The servers of one Genesys Cloud region.
public struct Endpoints: Hashable, Sendable {
    /// Hands out tokens (S1.4).
    public var login: Endpoint
    /// The public REST API.
    public var api: Endpoint
    /// Serves the stream (S1.1).
    public var streaming: Endpoint

    /// The given servers; the stream is served by the API's unless told otherwise.
    public init(login: Endpoint, api: Endpoint, streaming: Endpoint? = nil) {
        self.login = login
        self.api = api
        self.streaming = streaming ?? api
    }

    /// The servers of `region`: a domain such as `mypurecloud.de`, or the name of an AWS region that Genesys Cloud runs
    /// in, such as `eu-central-1`. A domain need not be a known one. Nil where `region` cannot be a domain.
    public init?(region: String) {
        let domain = Regions.domains[region.lowercased().replacing("_", with: "-")] ?? region
        guard domain.contains("."), Endpoint.isHostName("login.\(domain)") else { return nil }
        self.init(login: Endpoint(host: "login.\(domain)"), api: Endpoint(host: "api.\(domain)"))
    }
}
