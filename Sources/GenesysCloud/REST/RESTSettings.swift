public import AsyncHTTPClient

/// Where a tenant's REST API is, and how much is asked of it.
public struct RESTSettings: Sendable {
    /// The server.
    public var api: Endpoint
    /// Requests a minute, at most, for one token: 1 or more. Genesys Cloud takes 300.
    public var requestsPerMinute: Int
    /// Requests that may go at once after a pause: 1 or more.
    public var burst: Int
    /// The time for one attempt, from resolving the host's name to the answer's last byte.
    public var requestTimeout: Duration
    /// Attempts for one request, at most: 1 or more. Only 429, 5xx, time-outs and broken connections are tried again.
    public var attemptsMax: Int
    /// Bytes of an answer's body, at most; a larger one is given up.
    public var bodyBytesMax: Int
    /// TLS, proxy and DNS of the requests. Redirects are never followed, whatever this says.
    public var http: HTTPClient.Configuration

    /// The given settings.
    public init(
        api: Endpoint,
        requestsPerMinute: Int = 300,
        burst: Int = 10,
        requestTimeout: Duration = .seconds(10),
        attemptsMax: Int = 3,
        bodyBytesMax: Int = 8 * 1024 * 1024,
        http: HTTPClient.Configuration = HTTPClient.Configuration()
    ) {
        self.api = api
        self.requestsPerMinute = requestsPerMinute
        self.burst = burst
        self.requestTimeout = requestTimeout
        self.attemptsMax = attemptsMax
        self.bodyBytesMax = bodyBytesMax
        self.http = http
    }
}
