import BridgeCore
import Testing

@Suite("Positions")
struct PositionTests {
    @Test("two spellings of one text are two positions, and so are two names (S2.2)")
    func bytes() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(composed == decomposed, "to Swift they are one string")
        #expect(Position(kind: .lastEventId, value: composed) != Position(kind: .lastEventId, value: decomposed))
        #expect(Position(kind: .lastEventId, value: "a") != Position(kind: .timestamp, value: "a"))
        #expect(Position(kind: .timestamp, value: composed) == Position(kind: .timestamp, value: composed))
    }
}
