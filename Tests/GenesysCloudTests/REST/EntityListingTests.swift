import Testing

@testable import GenesysCloud

@Suite
struct EntityListingTests {
    private static func read(_ body: String) -> Result<EntityListing, RESTFailure> {
        EntityListing.read(Array(body.utf8))
    }

    @Test("Entities and the fields beside them are read, unknown members are passed over")
    func reads() throws {
        let listing = try Self.read(
            #" {"x":{"entities":[1]},"pageNumber":2,"entities":[{"id":"a\u0041","division":{"id":"no"},"n":[{"id":"no"}]} ,"#
                + #" {},{"id":null}],"nextUri":"/u","total":3e0,"selfUri":true} "#
        ).get()
        #expect(listing.entities.map { $0.text("id") } == ["aA", nil, nil])
        #expect(listing.fields.count("pageNumber") == 2)
        #expect(listing.fields.text("nextUri") == "/u")
        #expect(listing.fields.count("total") == nil && listing.fields["total"] == .number("3e0"))
    }

    @Test(
        "Anything else is a failure with a reason that is safe to print",
        arguments: [
            ("", "the answer is not what was asked for: ends early at byte 0"),
            ("[]", "the answer is not what was asked for: not an object at byte 0"),
            ("{}", "the answer lists no entities"),
            (#"{"entities":null}"#, "the answer lists no entities"),
            (#"{"entities":{}}"#, "the answer lists no entities"),
            (#"{"entities":[1]}"#, "the answer is not what was asked for: not an object at byte 13"),
            (#"{"entities":[{"id":"a"}"#, "the answer is not what was asked for: ends early at byte 23"),
            (#"{"entities":[{"id":"a"},]}"#, "the answer is not what was asked for: not an object at byte 24"),
            (#"{"entities":[]}x"#, "the answer is not what was asked for: bytes behind the value at byte 15"),
            (
                "\r\n <!DOCTYPE html><h1>Sign in</h1>",
                "an HTML page came instead of JSON; is there a proxy or a login page in between?"
            ),
        ]
    )
    func refuses(body: String, reason: String) {
        guard case .failure(let failure) = Self.read(body) else {
            Issue.record("read")
            return
        }
        #expect(failure == RESTFailure(.unusable, reason))
    }

    @Test("Nesting that would overflow a stack is refused")
    func nesting() {
        let depth = 100_000
        let body =
            #"{"entities":[{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}]}"
        guard case .failure(let failure) = Self.read(body) else {
            Issue.record("read")
            return
        }
        #expect(failure.reason.contains("nested too deep"))
    }
}
