import Foundation
import Testing

@testable import genesys_kafka_bridge

@Suite("The watch over memory and descriptors")
struct GrowthReportTests {
    private func samples(mebibytes: (Int) -> Int, descriptors: (Int) -> Int = { _ in 30 }) throws -> [ProcessSample] {
        try (0..<100).map { second in
            let json =
                #"{"seconds":\#(second),"residentBytes":\#(mebibytes(second) << 20),"descriptors":\#(descriptors(second))}"#
            return try JSONDecoder().decode(ProcessSample.self, from: Data(json.utf8))
        }
    }

    @Test("sees growth behind the first tenth, and takes warming up for none")
    func growth() throws {
        let warming = try #require(GrowthReport(self.samples { $0 < 10 ? 20 : 80 }))
        #expect(!warming.hasGrown && warming.residentBytesEarly == 80 << 20 && warming.residentBytesMax == 80 << 20)
        #expect(try #require(GrowthReport(self.samples { 60 + $0 })).hasGrown)
        #expect(
            try #require(GrowthReport(self.samples(mebibytes: { _ in 60 }, descriptors: { 30 + $0 / 10 }))).hasGrown
        )
        #expect(try GrowthReport(Array(self.samples { _ in 1 }.prefix(9))) == nil)
    }

    @Test("reads this process")
    func reads() throws {
        let sample = try #require(ProcessSample(of: ProcessInfo.processInfo.processIdentifier, seconds: 0))
        #expect(sample.residentBytes > 1 << 20 && sample.descriptors > 2)
        #expect(ProcessSample(of: 0, seconds: 0) == nil)
    }
}
