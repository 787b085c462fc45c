import BridgeCore
import Testing

@Suite("Event ids")
struct EventIDTests {
    @Test("ids have one form, are never given twice and sort as they were given (C3)")
    func ids() {
        var sequence = EventIDSequence(startedAtMilliseconds: 1_767_607_200_000, random: 0xDEAD_BEEF)
        let ids = (0..<1000).map { _ in "\(sequence.next())" }
        #expect(ids[0] == "019b8d996900-00000000deadbeef-000000000001")
        #expect(ids.allSatisfy { $0.utf8.count == EventIDSequence.idByteCount })
        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    }

    @Test("two processes never give the same id, whichever of the two numbers differs (C3)")
    func processes() {
        var ids: Set<String> = []
        for (start, random) in [(1, 1), (1, 2), (2, 1)] as [(Int64, UInt64)] {
            var sequence = EventIDSequence(startedAtMilliseconds: start, random: random)
            for _ in 0..<100 { ids.insert("\(sequence.next())") }
        }
        #expect(ids.count == 300)
    }
}
