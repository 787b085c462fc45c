import Testing

@testable import WebSocketClient

@Suite("Offering permessage-deflate")
struct DeflateOfferTests {
    private static let context = DeflateOffer(.permessageDeflate())
    private static let noContext = DeflateOffer(.permessageDeflate(serverContextTakeover: false))

    @Test("the offer says what this client does, and what it asks for (S2.9)")
    func offer() {
        #expect(DeflateOffer(.off) == nil)
        #expect(WebSocketConfiguration().compression == .off)
        #expect(Self.context?.headerValue == "permessage-deflate; client_no_context_takeover")
        #expect(
            Self.noContext?.headerValue == "permessage-deflate; client_no_context_takeover; server_no_context_takeover"
        )
    }

    @Test(
        "answers that RFC 7692 allows are taken",
        arguments: [
            ([], nil),
            (["permessage-deflate"], true),
            (["Permessage-Deflate"], true),
            (["permessage-deflate; client_no_context_takeover"], true),
            (["permessage-deflate;server_no_context_takeover"], false),
            (["permessage-deflate ; server_max_window_bits = 10 ; client_no_context_takeover"], true),
            (["permessage-deflate; server_max_window_bits=\"15\""], true),
            (["permessage-deflate; server_no_context_takeover; server_max_window_bits=8"], false),
        ] as [([String], Bool?)]
    )
    func good(_ values: [String], keepsContext: Bool?) {
        let expected = keepsContext.map { DeflateOffer.Answer.agreed(DeflateAgreement(keepsContext: $0)) } ?? .declined
        #expect(DeflateOffer.answer(values, to: Self.context) == expected)
    }

    private static let notOffered = "the server chose an extension that was not offered"
    private static func fault(_ predicate: String) -> String {
        "the server's answer to the offer of permessage-deflate \(predicate)"
    }

    @Test(
        "an answer that was not offered, or is malformed, fails the handshake (RFC 6455 section 4.1, RFC 7692 section 7.1)",
        arguments: [
            (["x-webkit-deflate-frame"], notOffered),
            ([""], notOffered),
            (["permessage-deflate, permessage-deflate"], notOffered),
            (["permessage-deflate", "permessage-deflate"], notOffered),
            (["permessage-deflate,"], notOffered),
            (["permessage-deflate; client_max_window_bits"], fault("has a parameter that was not offered")),
            (["permessage-deflate; client_max_window_bits=10"], fault("has a parameter that was not offered")),
            (["permessage-deflate; x"], fault("has a parameter that was not offered")),
            (["permessage-deflate;"], fault("has a parameter that was not offered")),
            (
                ["permessage-deflate; server_no_context_takeover; server_no_context_takeover"],
                fault("has a parameter twice")
            ),
            (
                ["permessage-deflate; server_no_context_takeover=1"],
                fault("has a value for server_no_context_takeover")
            ),
            (
                ["permessage-deflate; client_no_context_takeover=\"\""],
                fault("has a value for client_no_context_takeover")
            ),
            (["permessage-deflate; server_max_window_bits"], fault("has a window that is not 8 to 15 bits")),
            (["permessage-deflate; server_max_window_bits=7"], fault("has a window that is not 8 to 15 bits")),
            (["permessage-deflate; server_max_window_bits=16"], fault("has a window that is not 8 to 15 bits")),
            (["permessage-deflate; server_max_window_bits=010"], fault("has a window that is not 8 to 15 bits")),
            (["permessage-deflate; server_max_window_bits=+9"], fault("has a window that is not 8 to 15 bits")),
            (["permessage-deflate; server_max_window_bits=\"10"], fault("has a window that is not 8 to 15 bits")),
        ]
    )
    func bad(_ values: [String], _ reason: String) {
        #expect(DeflateOffer.answer(values, to: Self.context) == .fault(reason))
    }

    @Test("no context takeover, once asked for, must be granted (RFC 7692 section 7.1.1.1)")
    func noContextTakeover() {
        #expect(
            DeflateOffer.answer(["permessage-deflate; server_no_context_takeover"], to: Self.noContext)
                == .agreed(DeflateAgreement(keepsContext: false))
        )
        #expect(
            DeflateOffer.answer(["permessage-deflate"], to: Self.noContext)
                == .fault(Self.fault("lacks server_no_context_takeover, which was asked for"))
        )
    }

    @Test("with nothing offered, nothing may be chosen (S2.9)")
    func nothingOffered() {
        #expect(DeflateOffer.answer([], to: nil) == .declined)
        #expect(DeflateOffer.answer(["permessage-deflate"], to: nil) == .fault(Self.notOffered))
    }
}
