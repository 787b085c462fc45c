import Testing

@testable import GenesysCloud

@Suite
struct RedirectTests {
    @Test(
        "A redirect is told by its host alone (S1.6)",
        arguments: [
            ("https://a.example/p?access_token=x", "a.example"), ("//a.example/p", "a.example"),
            ("http://me:pw@a.example:81#f", "a.example:81"), ("WSS://A.example", "A.example"),
            ("https://a.example?access_token=x", "a.example"), ("https://[::1]:8/x", "[::1]:8"),
            ("https://[::1]/x", "[::1]"), ("https://a.example\\@b.example/", "a.example"),
            ("/p?access_token=https://a.example", "another path of the same host"),
            ("p", "another path of the same host"),
            ("https://", "a place that cannot be read"), ("https://a b/", "a place that cannot be read"),
            ("https://a:99999/", "a place that cannot be read"), ("", "nowhere"),
        ]
    )
    func places(location: String, place: String) {
        #expect(
            Redirect.description(status: 302, location: location) == "a redirect to \(place), which is not followed"
        )
    }

    @Test("Other statuses are no redirects", arguments: [200, 300, 304, 305, 306, 400])
    func others(status: Int) {
        #expect(Redirect.description(status: status, location: "https://a.example") == nil)
    }
}
