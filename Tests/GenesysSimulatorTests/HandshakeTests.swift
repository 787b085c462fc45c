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

    @Test func `a subscription is valid, unknown or forbidden, and lets its events through`() throws {
        var resources = ResourceTable([
            SimulatedResource(event: "a", resourceId: "1", eventTypes: ["X", "Y"]),
            SimulatedResource(event: "b", resourceId: "2", eventTypes: ["X"]),
            SimulatedResource(event: "b", resourceId: "3", eventTypes: ["X"]),
        ])
        func standing(_ text: String) throws -> SubscriptionStanding {
            resources.standing(of: try #require(Subscription.parse(text)))
        }
        func filter(_ texts: String...) -> SubscriptionFilter {
            SubscriptionFilter(texts.compactMap(Subscription.parse), resources: resources)
        }
        #expect(try standing(#"[{"event":"zzz"}]"#) == .notFound)
        #expect(try standing(#"[{"event":"a","resourceId":"2"}]"#) == .notFound)
        #expect(try standing(#"[{"event":"a","filters":{"eventType":["Z"]}}]"#) == .notFound)
        #expect(try standing(#"[{"event":"a","filters":{"eventType":["Z","Y"]}}]"#) == .valid)
        #expect(filter(#"[{"event":"a"}]"#, #"[{"event":"b"}]"#).matchesEverything == true)
        let some = filter(#"[{"event":"a","filters":{"eventType":["Y"]}}]"#)
        #expect(some.matches(resource: 0, eventType: 1))
        #expect(!some.matches(resource: 0, eventType: 0))
        #expect(!some.matches(resource: 1, eventType: 0))
        #expect(some.resources == [0])
        _ = try resources.setForbidden(true, "2")
        #expect(try standing(#"[{"event":"b","resourceId":"2"}]"#) == .forbidden)
        #expect(try standing(#"[{"event":"b"}]"#) == .valid, "one of them is left")
        #expect(filter(#"[{"event":"b"}]"#).resources == [2])
        _ = try resources.setForbidden(true, "3")
        #expect(try standing(#"[{"event":"b"}]"#) == .forbidden)
        _ = try resources.delete("2")
        #expect(try standing(#"[{"event":"b","resourceId":"2"}]"#) == .notFound)
        #expect(filter(#"[{"event":"b"}]"#).resources == [1], "its old events can be replayed")
        #expect(throws: SimulatorError.unknownResource("2")) { try resources.delete("2") }
        let isNew = try resources.create(SimulatedResource(event: "b", resourceId: "2"))
        #expect(!isNew, "it comes back")
        #expect(throws: SimulatorError.resourceExists("1")) {
            try resources.create(SimulatedResource(event: "a", resourceId: "1"))
        }
        _ = try resources.delete("2")
        _ = try resources.delete("3")
        #expect(throws: SimulatorError.lastResource("1")) { try resources.delete("1") }
    }

    @Test func `a block is on an address, has a grace, and is never cut short`() {
        func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }
        var blocks = AddressBlocks(grace: .milliseconds(250))
        blocks.block("a", for: .seconds(1), now: at(0))
        #expect(blocks.standing(of: "b", now: at(1)) == .free)
        #expect(
            blocks.standing(of: "a", now: at(249)) == .blocked(remaining: .milliseconds(751), isViolation: false)
        )
        #expect(blocks.standing(of: "a", now: at(250)) == .blocked(remaining: .milliseconds(750), isViolation: true))
        blocks.block("a", for: .milliseconds(100), now: at(300))
        #expect(blocks.standing(of: "a", now: at(999)) == .blocked(remaining: .milliseconds(1), isViolation: true))
        #expect(blocks.standing(of: "a", now: at(1_000)) == .free)
        blocks.block("a", for: .seconds(1), now: at(2_000))
        #expect(
            blocks.standing(of: "a", now: at(2_100)) == .blocked(remaining: .milliseconds(900), isViolation: false)
        )
    }

    @Test func `who comes behind a client that is gone is refused, and violates nothing before it is told`() {
        func at(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .milliseconds(milliseconds) }
        var blocks = AddressBlocks(grace: .milliseconds(250))
        blocks.block("a", for: .seconds(1), now: at(0))
        blocks.forget()
        #expect(
            blocks.standing(of: "a", now: at(500)) == .blocked(remaining: .milliseconds(500), isViolation: false)
        )
        #expect(
            blocks.standing(of: "a", now: at(749)) == .blocked(remaining: .milliseconds(251), isViolation: false)
        )
        #expect(blocks.standing(of: "a", now: at(750)) == .blocked(remaining: .milliseconds(250), isViolation: true))
        blocks.forget()
        blocks.block("a", for: .seconds(1), now: at(800))
        #expect(
            blocks.standing(of: "a", now: at(1_100)) == .blocked(remaining: .milliseconds(700), isViolation: true)
        )
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
        "", "s", "clientId", "token", "nodes", "no resources",
    ])
    func `a configuration that contradicts itself is refused by name`(kind: String) {
        var configuration = SimulatorConfiguration(tenants: [acme])
        switch kind {
        case "": configuration.tenants = []
        case "s": configuration.eventBytes = 100
        case "token": configuration.tokenLifetimeMilliseconds = 999
        case "nodes": configuration.nodeCount = 0
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
