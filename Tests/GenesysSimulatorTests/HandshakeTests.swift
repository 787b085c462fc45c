import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct HandshakeTests {
    @Test func `values are decoded once, and a bare plus is a space`() throws {
        let query = try #require(QueryParameters(target: "/p?a=1%2B2&a=x+y&b=%252B&c=&d=%F0%9F%98%80"))
        #expect(query.path == "/p")
        #expect(query.values(of: "a") == ["1+2", "x y"])
        #expect(query.values(of: "b") == ["%2B"])
        #expect(query.values(of: "c") == [""])
        #expect(query.values(of: "d") == ["😀"])
        #expect(query.values(of: "e") == [])
    }

    @Test(arguments: ["/p?a=%", "/p?a=%2", "/p?a=%zz", "/p?a=%FF", "/p?%C3=1"])
    func `a broken escape or text that is not UTF-8 spoils the query`(target: String) {
        #expect(QueryParameters(target: target) == nil)
    }

    @Test func `bare reserved characters are noticed`() throws {
        #expect(try #require(QueryParameters(target: "/p?a=b%2Fc-d.e_f~")).hasBareReservedCharacters == false)
        for value in ["b/c", "b+c", "b=c", "[]", "\"", "é"] {
            #expect(try #require(QueryParameters(target: "/p?a=\(value)")).hasBareReservedCharacters, "\(value)")
        }
    }

    @Test(arguments: [
        "", "{}", "[]", "[1]", #"{"event":"a"}"#, #"[{"event":"a"},{"event":"b"}]"#, #"[{"resourceId":"a"}]"#,
    ])
    func `a subscription is an array of one object with an event`(text: String) {
        #expect(Subscription.parse(text) == nil)
    }

    @Test func `one subscription that matches nothing spoils the list`() throws {
        let resources = [
            SimulatedResource(event: "a", resourceId: "1", eventTypes: ["X", "Y"]),
            SimulatedResource(event: "b", resourceId: "2", eventTypes: ["X"]),
        ]
        func filter(_ texts: String...) -> SubscriptionFilter? {
            SubscriptionFilter(texts.compactMap(Subscription.parse), resources: resources)
        }
        #expect(filter() == nil)
        #expect(filter(#"[{"event":"a"}]"#, #"[{"event":"zzz"}]"#) == nil)
        #expect(filter(#"[{"event":"a","resourceId":"2"}]"#) == nil)
        #expect(filter(#"[{"event":"a","filters":{"eventType":["Z"]}}]"#) == nil)
        #expect(filter(#"[{"event":"a"}]"#, #"[{"event":"b","resourceId":"2"}]"#)?.matchesEverything == true)
        let some = try #require(filter(#"[{"event":"a","filters":{"eventType":["Y"]}}]"#))
        #expect(some.matches(resource: 0, eventType: 1))
        #expect(!some.matches(resource: 0, eventType: 0))
        #expect(!some.matches(resource: 1, eventType: 0))
    }

    @Test func `tokens are valid until they expire or are expired`() {
        func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(seconds) }
        var tokens = TokenRegistry(hash: SeededHash(seed: 1))
        let first = tokens.issue(tenant: 0, expires: at(10))
        let second = tokens.issue(tenant: 1, expires: at(10))
        #expect(first != second)
        for character in "+/=&%" { #expect(first.contains(character)) }
        #expect(tokens.standing(of: first, now: at(9)) == .valid(tenant: 0, expires: at(10)))
        #expect(tokens.standing(of: first, now: at(10)) == .expired)
        #expect(tokens.standing(of: first + "x", now: at(1)) == .unknown)
        tokens.expire(second, now: at(3))
        #expect(tokens.standing(of: second, now: at(3)) == .expired)
        for _ in 0..<5_000 { _ = tokens.issue(tenant: 0, expires: at(100)) }
        #expect(tokens.standing(of: first, now: at(1)) == .unknown, "the oldest are forgotten")
    }

    @Test(arguments: [
        "", "s", "clientId", "no resources",
    ])
    func `a configuration that contradicts itself is refused by name`(kind: String) {
        var configuration = SimulatorConfiguration(tenants: [acme])
        switch kind {
        case "": configuration.tenants = []
        case "s": configuration.eventBytes = 100
        case "clientId": configuration.tenants[0].clientId = "a:b"
        default: configuration.tenants[0].resources = []
        }
        #expect(throws: SimulatorError.self) { try configuration.validate() }
    }

    @Test func `a tenant's description does not hold its secret`() {
        var dumped = ""
        dump(acme, to: &dumped)
        for text in ["\(acme)", "\([acme])", String(reflecting: acme), dumped] {
            #expect(!text.contains(acme.clientSecret))
        }
    }
}
