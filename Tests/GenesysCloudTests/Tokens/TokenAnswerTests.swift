import BridgeCore
import NIOHTTP1
import Testing

@testable import GenesysCloud

@Suite
struct TokenAnswerTests {
    private static func answer(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> TokenAnswer {
        TokenAnswer(HTTPAnswer(status: status, headers: headers, body: Array(body.utf8)), nowSeconds: 0)
    }

    @Test(
        "A grant is read, and its lifetime kept within what a clock can hold (S1.4)",
        arguments: [
            (#"{"access_token":"a+/=","token_type":"bearer","expires_in":86400}"#, 86_400),
            (#"{"access_token":"a+/=","token_type":"Bearer","expires_in":"3600","scope":"x"}"#, 3600),
            (#" {"expires_in":1.5e2,"access_token":"a\u002b/="} "#, 150),
            (#"{"access_token":"a+/="}"#, 900),
            (#"{"access_token":"a+/=","expires_in":99999999999999999999999}"#, 2_592_000),
            (#"{"access_token":"a+/=","expires_in":1e999}"#, 2_592_000),
        ] as [(String, Double)]
    )
    func grants(body: String, lifetimeSeconds: Double) throws {
        let grant = try Self.answer(200, body).grant(hiding: [])
        #expect(grant.secret.revealed == "a+/=")
        #expect(grant.lifetime == .seconds(lifetimeSeconds))
    }

    @Test(
        "Anything else is a refusal with a reason",
        arguments: [
            (200, #"{"access_token":"","expires_in":1}"#, "HTTP 200: no access_token in the answer"),
            (200, #"{"access_token":12}"#, "HTTP 200: no access_token in the answer"),
            (200, #"{"access_token":"a","token_type":"mac"}"#, "HTTP 200: the token's type is mac, not bearer"),
            (200, #"{"access_token":"a","expires_in":0}"#, "HTTP 200: expires_in is not a positive number"),
            (200, #"{"access_token":"a","expires_in":-5}"#, "HTTP 200: expires_in is not a positive number"),
            (200, #"{"access_token":"a","expires_in":"soon"}"#, "HTTP 200: expires_in is not a positive number"),
            (200, #"{"access_token":"a","expires_in":"nan"}"#, "HTTP 200: expires_in is not a positive number"),
            (200, #"{"access_token":"a","expires_in":null}"#, "HTTP 200: expires_in is not a positive number"),
            (200, "<html>it works</html>", "HTTP 200: an HTML page came instead of JSON"),
            (200, "", "HTTP 200: the answer is not a JSON object"),
            (200, "[]", "HTTP 200: the answer is not a JSON object"),
            (302, "", "HTTP 302: a redirect to nowhere, which is not followed"),
            (400, #"{"error":"invalid_client","error_description":"who?"}"#, "HTTP 400: invalid_client: who?"),
            (401, #"{"description":"bad\r\nLOG LINE"}"#, "HTTP 401: bad\u{FFFD}\u{FFFD}LOG LINE"),
            (503, "{}", "HTTP 503"),
            (201, #"{"access_token":"a","expires_in":1}"#, "HTTP 201"),
        ]
    )
    func refusals(status: Int, body: String, reason: String) {
        #expect(throws: TokenRefusal(reason: reason)) {
            try Self.answer(status, body).grant(hiding: [])
        }
    }

    @Test("A server that sends the secret back does not get it into a log (S1.6)")
    func hidesSecrets() {
        let body = #"{"error":"no","error_description":"secret s3cr&t is wrong, also s3cr%26t"}"#
        #expect(throws: TokenRefusal(reason: "HTTP 400: no: secret <redacted> is wrong, also <redacted>")) {
            try Self.answer(400, body).grant(hiding: [Secret("s3cr&t")])
        }
    }

    @Test("Retry-After comes along")
    func retryAfter() {
        let answer = Self.answer(429, "{}", headers: ["Retry-After": "17"])
        #expect(throws: TokenRefusal(reason: "HTTP 429", retryAfterSeconds: 17)) { try answer.grant(hiding: []) }
    }
}
