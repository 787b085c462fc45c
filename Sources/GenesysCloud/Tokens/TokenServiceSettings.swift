public import AsyncHTTPClient
public import BridgeCore

/// Where a tenant's tokens come from, and who asks.
public struct TokenServiceSettings: Sendable {
    /// The server that grants tokens (S1.4).
    public var login: Endpoint
    /// The OAuth client's id. A colon in it cannot be sent (RFC 7617 section 2).
    public var clientID: String
    /// The OAuth client's secret.
    public var clientSecret: Secret
    /// The time for one request, from resolving the host's name to the answer's last byte.
    public var requestTimeout: Duration
    /// A token that is refused at a younger age slows the asking down, up to one request in 30 s; an older one is replaced at
    /// once (S4.4).
    public var settledAge: Duration
    /// TLS, proxy and DNS of the requests. Redirects are never followed, whatever this says: credentials go to one
    /// host.
    public var http: HTTPClient.Configuration

    /// As long as the pauses get.
    public static let settledAgeDefault = TokenMachine.settledAgeDefault

    /// The given settings.
    public init(
        login: Endpoint,
        clientID: String,
        clientSecret: Secret,
        requestTimeout: Duration = .seconds(10),
        settledAge: Duration = Self.settledAgeDefault,
        http: HTTPClient.Configuration = HTTPClient.Configuration()
    ) {
        self.login = login
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.requestTimeout = requestTimeout
        self.settledAge = settledAge
        self.http = http
    }
}
