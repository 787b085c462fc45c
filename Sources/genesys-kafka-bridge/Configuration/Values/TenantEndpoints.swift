/// Where a tenant's Genesys organization is.
struct TenantEndpoints: Hashable, Sendable {
    /// The region's domain, or the API's host where addresses were given instead. Part of `ce_source`.
    var region: String
    var login: Endpoint
    var api: Endpoint
    var streaming: Endpoint

    /// The addresses of a region (S1.1, S1.4).
    init(region: String) {
        self.region = region
        self.login = Endpoint(scheme: .https, host: "login.\(region)", port: nil)
        self.api = Endpoint(scheme: .https, host: "api.\(region)", port: nil)
        self.streaming = Endpoint(scheme: .wss, host: "api.\(region)", port: nil)
    }

    /// Addresses given one by one. Without `api` it is where the stream is.
    init(login: Endpoint, api: Endpoint?, streaming: Endpoint) {
        let api =
            api ?? Endpoint(scheme: streaming.isSecure ? .https : .http, host: streaming.host, port: streaming.port)
        self.region = api.host
        self.login = login
        self.api = api
        self.streaming = streaming
    }
}
