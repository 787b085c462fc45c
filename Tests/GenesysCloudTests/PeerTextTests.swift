import BridgeCore
import Testing

@testable import GenesysCloud

@Suite
struct PeerTextTests {
    @Test("Control characters, line breaks and what turns text around are replaced")
    func controls() {
        let shown = PeerText.shown("a\r\nb\u{1B}[31m\u{0}\u{7F}\u{85}\u{2028}\u{202E}c")
        #expect(shown == "a??b?[31m?????c".replacing("?", with: "\u{FFFD}"))
        #expect(PeerText.shown("Grüße, 漢字 😀") == "Grüße, 漢字 😀")
    }

    @Test("Long text is cut")
    func long() {
        let shown = PeerText.shown(String(repeating: "x", count: 100_000))
        #expect(shown == String(repeating: "x", count: PeerText.characterLimit) + "…")
    }

    @Test("Secrets are hidden as they are, percent-encoded, and where a URL was cut in the middle of one (S1.6)")
    func secrets() {
        let token = Secret("ab+/cd=")
        #expect(
            PeerText.shown("GET /x?access_token=ab%2B%2Fcd%3D&a=b: no", hiding: [token])
                == "GET /x?access_token=<redacted>&a=b: no"
        )
        let combining = PeerText.shown("ab+/cd=ab+/cd=\u{301}", hiding: [token])
        #expect(combining.unicodeScalars.elementsEqual("<redacted><redacted>\u{301}".unicodeScalars))
        #expect(PeerText.shown("bad URL /x?access_token=ab%2B%2") == "bad URL /x?access_token=<redacted>")
        #expect(PeerText.shown("access_token=") == "access_token=<redacted>")
        #expect(PeerText.shown("nothing", hiding: [Secret("")]) == "nothing")
    }
}
