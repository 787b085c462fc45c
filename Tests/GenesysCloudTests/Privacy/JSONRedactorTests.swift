import BridgeCore
import Testing

@testable import GenesysCloud

@Suite("What is hidden in a JSON text")
struct JSONRedactorTests {
    @Test(
        "a dropped member goes with its name and one comma, and everything else stays byte for byte",
        arguments: [
            (#"{"a":1}"#, ["/a"], "{}"), (#" { "a" : 1 } "#, ["/a"], " {  } "),
            (#"{ "a":1 , "b":2 , "c":3 }"#, ["/a"], #"{ "b":2 , "c":3 }"#),
            (#"{ "a":1 , "b":2 , "c":3 }"#, ["/b"], #"{ "a":1 , "c":3 }"#),
            (#"{ "a":1 , "b":2 , "c":3 }"#, ["/c"], #"{ "a":1 , "b":2 }"#),
            (#"{"a":1,"b":2,"c":3}"#, ["/a", "/b"], #"{"c":3}"#), (#"{"a":1,"b":2,"c":3}"#, ["/a", "/c"], #"{"b":2}"#),
            (#"{"a":1,"b":2,"c":3}"#, ["/b", "/c"], #"{"a":1}"#), (#"{"a":1,"b":2,"c":3}"#, ["/*"], "{}"),
            (#"{"a":1,"b":{"a":1,"c":[{"a":2}]},"a":3}"#, ["/a"], #"{"b":{"a":1,"c":[{"a":2}]}}"#),
            (#"{"b":{"a":1,"c":[{"a":2,"d":0},{"a":3}]}}"#, ["/b/c/*/a"], #"{"b":{"a":1,"c":[{"d":0},{}]}}"#),
            (#"{"b":{"x":{"a":1},"y":{"a":2,"z":0}}}"#, ["/b/*/a"], #"{"b":{"x":{},"y":{"z":0}}}"#),
            (#"{"a":[1,2, 3]}"#, ["/a/1"], #"{"a":[1,null, 3]}"#), (#"{"a":[1,[2]]}"#, ["/a/*"], #"{"a":[null,null]}"#),
            (#"{"a":{"0":1,"01":2}}"#, ["/a/0"], #"{"a":{"01":2}}"#),
            (#"{"a\u002fb":1,"a~b":2,"é":3,"*":4}"#, ["/a~1b", "/a~0b", "/é"], #"{"*":4}"#),
            (#"{"\u0061":1,"\uD83D\uDE00":2}"#, ["/a", "/😀"], "{}"),
            (#"{"a":{"b":{"c":1}}}"#, ["/a/b/c/d", "/a/x", "/b", "/a/b/c/*"], #"{"a":{"b":{"c":1}}}"#),
            (#"[{"a":1}]"#, ["/0/a"], "[{}]"), ("17", ["/a"], "17"), (#""a""#, ["/a"], #""a""#),
        ]
    )
    func drop(text: String, pointers: [String], expected: String) throws {
        #expect(try RedactionSamples.redacted(text, drop: pointers) == expected)
    }

    @Test("a hash is that of what a string says, however it is escaped, and of anything else without its spaces")
    func hash() throws {
        let name = RedactionSamples.hash("é/x")
        #expect(name.utf8.count == 32)
        #expect(
            try RedactionSamples.redacted(#"{"a":"é/x","b" : "\u00e9\/x" ,"c":"é/y"}"#, hash: ["/a", "/b"])
                == #"{"a":"\#(name)","b" : "\#(name)" ,"c":"é/y"}"#
        )
        let (number, object) = (RedactionSamples.hash("-1.50e3"), RedactionSamples.hash(#"{"a b":[1,"\" c"],"d":{}}"#))
        #expect(
            try RedactionSamples.redacted(
                #"{"x":[ -1.50e3 ,true, { "a b" : [1, "\" c"] ,"d":{ } } ]}"#,
                hash: ["/x/0", "/x/2"]
            ) == #"{"x":[ "\#(number)" ,true, "\#(object)" ]}"#
        )
        // There is nothing to hide in these.
        let nothing = #"{"a":"","b":null,"c":{"d":[null]}}"#
        #expect(try RedactionSamples.redacted(nothing, hash: ["/a", "/b", "/c/d/*", "/e"]) == nothing)
    }

    @Test("it is HMAC-SHA-256, as RFC 4231 has it, cut to 128 bits")
    func standard() {
        let hash = ValueHash(key: Secret("Jefe"))
        let other = hash.text(of: "x")
        // Again and again, whatever was hashed before.
        for _ in 0..<2 {
            #expect(hash.text(of: "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c7")
            #expect(hash.text(of: "x") == other)
        }
    }

    @Test("what is meant twice is dropped rather than hashed, and an outer value hides the inner ones")
    func strongest() throws {
        let text = #"{"a":{"b":"x","c":1},"d":"y"}"#
        #expect(try RedactionSamples.redacted(text, drop: ["/a/*"], hash: ["/a/b"]) == #"{"a":{},"d":"y"}"#)
        #expect(
            try RedactionSamples.redacted(text, drop: ["/a/b"], hash: ["/a"])
                == #"{"a":"\#(RedactionSamples.hash(#"{"b":"x","c":1}"#))","d":"y"}"#
        )
        #expect(try RedactionSamples.redacted(text, drop: ["/a"], hash: ["/*/b", "/d"]).contains("x") == false)
    }

    @Test("of a name that stands twice every value is meant")
    func twice() throws {
        let text = #"{"a":"x","b":1,"\u0061":"y","a":{"a":"z"}}"#
        #expect(try RedactionSamples.redacted(text, drop: ["/a"]) == #"{"b":1}"#)
        let hashed = try RedactionSamples.redacted(text, hash: ["/a"])
        for plain in ["x", "y", "z"] { #expect(!hashed.contains("\"\(plain)\"")) }
    }

    @Test("what is no JSON is refused", arguments: [#"{"a":1"#, #"{"a":01}"#, #"{"a":1}}"#, #"{"a":"\x"}"#, "", "{,}"])
    func malformed(text: String) throws {
        #expect(throws: MessageDefect.self) { try RedactionSamples.redacted(text, drop: ["/a"]) }
        #expect(throws: MessageDefect.self) { try RedactionSamples.redacted(text, hash: ["/b"]) }
    }

    @Test("families are names, or what names begin with")
    func families() throws {
        let (one, many, all) = (FamilyPattern("users.presence"), FamilyPattern("users.*"), FamilyPattern("*"))
        #expect(one?.matches("users.presence") == true && one?.matches("users.presences") == false)
        #expect(one?.matches("users.presenc") == false && one?.matches("") == false)
        #expect(many?.matches("users.presence") == true && many?.matches("users.") == true)
        #expect(many?.matches("users") == false && many?.matches("routing.users.x") == false)
        #expect(all?.matches("") == true && all?.matches("x") == true)
        for text in ["", "a*b", "**", "a b", "é", "*a"] { #expect(FamilyPattern(text) == nil, "\(text)") }
    }
}
