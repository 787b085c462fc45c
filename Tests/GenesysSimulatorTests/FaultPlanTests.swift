import NIOCore
import Testing

@testable import GenesysSimulator

@Suite
struct FaultPlanTests {
    @Test func `fragments add up to the message, and one cut parts a character that has several bytes`() {
        let text = Array("{\"name\":\"Zürich 日本 😀\"}".utf8)
        var lengths: Set<Int> = []
        for seed in UInt64(0)..<200 {
            var generator = SeededGenerator(seed: seed)
            let plan = FragmentationPlan(message: text, generator: &generator)
            #expect(plan.fragmentByteCounts.count >= 2)
            #expect(plan.fragmentByteCounts.reduce(0, +) == text.count)
            #expect(plan.pingCounts.count == plan.fragmentByteCounts.count - 1)
            var offset = 0
            var cutsInside = 0
            for length in plan.fragmentByteCounts.dropLast() {
                offset += length
                lengths.insert(offset)
                if offset < text.count, text[offset] & 0xC0 == 0x80 { cutsInside += 1 }
            }
            #expect(cutsInside > 0 || plan.fragmentByteCounts.dropLast().reduce(0, +) > 27, "seed \(seed)")
        }
        #expect(lengths.count > text.count / 2, "cuts are arbitrary: \(lengths.sorted())")
    }

    @Test func `an empty message can be cut too`() {
        var generator = SeededGenerator(seed: 1)
        #expect(FragmentationPlan(message: [], generator: &generator).fragmentByteCounts.allSatisfy { $0 == 0 })
    }

    @Test func `faults lie in wait for as many requests as were asked for`() {
        var armed = ArmedFaults()
        #expect(armed.arm(.rejectUpgrade(status: 503, count: 2)) == true)
        #expect(armed.arm(.scopeRemoved(count: 1)) == true)
        #expect(armed.arm(.inclusiveReplay(count: 1)) == true)
        #expect(armed.arm(.positionLost(count: 1, form: .close)) == true)
        #expect(armed.arm(.tokenHang(count: 1, durationMilliseconds: 5)) == true)
        #expect(armed.arm(.restHang(count: 1, durationMilliseconds: nil)) == true)
        #expect(armed.arm(.reset) == false)
        #expect(
            [armed.takeUpgrade(), armed.takeUpgrade(), armed.takeUpgrade(), armed.takeUpgrade()] == [
                .reject(status: 503), .reject(status: 503), .missingScope, nil,
            ]
        )
        #expect([armed.takeInclusiveReplay(), armed.takeInclusiveReplay()] == [true, false])
        #expect([armed.takeLostPosition(), armed.takeLostPosition()] == [.close, nil])
        #expect([armed.takeToken(), armed.takeToken()] == [.hang(.milliseconds(5)), nil])
        #expect([armed.takeRESTHang(), armed.takeRESTHang()] == [.forever, nil])
        #expect(armed.takeRESTError() == nil)
    }
}
