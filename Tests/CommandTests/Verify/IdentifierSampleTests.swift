import Testing

@testable import genesys_kafka_bridge

@Suite("A sample of identifiers")
struct IdentifierSampleTests {
    private func sample(_ range: Range<Int>, into sample: inout IdentifierSample) {
        for number in range { sample.insert(Array("event-\(number)".utf8)) }
    }

    @Test("up to its bound it is exact")
    func exact() {
        var sample = IdentifierSample(countMax: 1_000)
        self.sample(0..<1_000, into: &sample)
        self.sample(300..<700, into: &sample)
        self.sample(300..<301, into: &sample)
        #expect(sample.repeated == 401 && !sample.isEstimate)
    }

    @Test("beyond its bound it keeps no more, says that it estimates, and is near")
    func estimate() {
        var sample = IdentifierSample(countMax: 2_000)
        self.sample(0..<50_000, into: &sample)
        self.sample(10_000..<30_000, into: &sample)
        #expect(sample.isEstimate)
        // 20000 / 32 are in the sample: 4 times the square root of 625 is 100, or 16 in 100.
        #expect((16_800...23_200).contains(sample.repeated), "\(sample.repeated)")
        var never = IdentifierSample(countMax: 2_000)
        self.sample(0..<50_000, into: &never)
        #expect(never.repeated == 0, "what came once is never a repetition")
    }
}
