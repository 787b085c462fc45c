import GenesysCloud
import Testing

@Suite
struct EndpointTests {
    @Test(
        "A server is read from its URL",
        arguments: [
            (
                "https://api.mypurecloud.de", "https://api.mypurecloud.de", "wss://api.mypurecloud.de",
                "api.mypurecloud.de:443"
            ),
            (
                "wss://api.mypurecloud.de/", "https://api.mypurecloud.de", "wss://api.mypurecloud.de",
                "api.mypurecloud.de:443"
            ),
            ("WS://127.0.0.1:8080", "http://127.0.0.1:8080", "ws://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost", "http://localhost", "ws://localhost", "localhost:80"),
            ("https://localhost:8443", "https://localhost:8443", "wss://localhost:8443", "localhost:8443"),
            ("http://[::1]:9000", "http://[::1]:9000", "ws://[::1]:9000", "[::1]:9000"),
        ]
    )
    func read(url: String, http: String, webSocket: String, description: String) throws {
        let endpoint = try #require(Endpoint(url: url))
        #expect(endpoint.httpURL() == http)
        #expect(endpoint.httpURL(path: "/oauth/token") == http + "/oauth/token")
        #expect(endpoint.webSocketURL == webSocket)
        #expect("\(endpoint)" == description)
    }

    @Test(
        "What is no server alone is refused",
        arguments: [
            "", "api.mypurecloud.de", "ftp://a.b", "https://", "https://a.b/path", "https://a.b?x=1",
            "https://user:pw@a.b",
            "https://a.b:0", "https://a.b:65536", "https://a.b:", "https://a.b:+1", "https://a b", "https://a..b",
            "https://-a.b",
            "https://[::1", "https://[a.b]", "https://a.b\r\n", "https://ä.de", "https://a.b:80:80", "https://[::1]x",
        ]
    )
    func refused(url: String) {
        #expect(Endpoint(url: url) == nil)
    }

    @Test("A region is a domain, known or not, or the name of an AWS region")
    func regions() {
        #expect(Endpoints(region: "mypurecloud.de")?.login.httpURL() == "https://login.mypurecloud.de")
        #expect(Endpoints(region: "mypurecloud.de")?.api.webSocketURL == "wss://api.mypurecloud.de")
        #expect(Endpoints(region: "eu-central-1") == Endpoints(region: "mypurecloud.de"))
        #expect(Endpoints(region: "EU_CENTRAL_1") == Endpoints(region: "mypurecloud.de"))
        #expect(Endpoints(region: "new-region.example")?.streaming.host == "api.new-region.example")
        for text in ["", "nowhere", "a b.c", "https://mypurecloud.de", "mypurecloud.de/x", "mypurecloud.de:80", ".de"] {
            #expect(Endpoints(region: text) == nil, "\(text)")
        }
    }

    @Test("Every known region's domain makes endpoints")
    func knownRegions() {
        #expect(Regions.domains.count == 17)
        for (name, domain) in Regions.domains {
            #expect(Endpoints(region: name) == Endpoints(region: domain))
            #expect(Endpoints(region: domain) != nil)
        }
    }
}
