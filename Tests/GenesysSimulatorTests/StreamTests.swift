import GenesysSimulator
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StreamTests {
    @Test func `a client without a position starts at the present and gets dense sequences`() async throws {
        try await withSimulator { simulator in
            try await withStream(simulator) { stream in
                var sequences: [Int] = []
                while sequences.count < 300 { sequences += try await stream.batchWithEvents().sequences }
                #expect(sequences == Array(sequences[0]..<sequences[0] + sequences.count))
                let truth = try await simulator.tenant()
                #expect(truth.firstSequence.map { $0 <= sequences[0] } == true)
                #expect(truth.eventsOffered > sequences[299])
            }
        }
    }
}
