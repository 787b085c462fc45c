import Testing

@testable import genesys_kafka_bridge

@Suite("Units")
struct UnitTests {
    @Test(
        "a duration has a unit",
        arguments: [("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("1h", 3_600_000), ("0s", 0), ("1001ms", 1001)]
            as [(String, Int)]
    )
    func durations(text: String, milliseconds: Int) throws {
        #expect(try DurationText.parse(text) == .milliseconds(milliseconds))
        #expect(DurationText.format(.milliseconds(milliseconds)) == text)
    }

    @Test(
        "a size has a unit",
        arguments: [
            ("1001B", 1001), ("8KiB", 8192), ("1KB", 1000), ("64MiB", 67_108_864), ("1MB", 1_000_000),
            ("2GiB", 2_147_483_648), ("2GB", 2_000_000_000), ("0B", 0),
        ] as [(String, Int)]
    )
    func sizes(text: String, bytes: Int) throws {
        #expect(try SizeText.parse(text) == bytes)
        #expect(SizeText.format(bytes) == text)
    }

    @Test(
        "what is not a duration is refused",
        arguments: ["", "30", "s", "-1s", "+1s", "1.5s", "1 s", "1d", "1S", "1m30s", "٣s", "9999999999999s", "1e3s"]
    )
    func badDurations(text: String) {
        #expect(throws: ValueProblem.self) { try DurationText.parse(text) }
    }

    @Test(
        "what is not a size is refused",
        arguments: ["", "64", "MiB", "-1B", "1.5MiB", "1 MiB", "64mb", "64Mib", "1TB", "9999999999B", "0x10B"]
    )
    func badSizes(text: String) {
        #expect(throws: ValueProblem.self) { try SizeText.parse(text) }
    }

    @Test("a unit in the wrong case is met with the right one")
    func wrongCase() throws {
        let problem = try #require(throws: ValueProblem.self) { try SizeText.parse("64mib") }
        #expect(problem.remedy == "write 64MiB")
    }

    @Test("the nearest name is found over few edits only")
    func nearest() {
        let names = ["maxLatency", "maxBatchSize", "name", "region"]
        #expect(NearestName.find("maxLatencey", among: names) == "maxLatency")
        #expect(NearestName.find("maxlatency", among: names) == "maxLatency")
        #expect(NearestName.find("nmae", among: names) == "name")
        #expect(NearestName.find("zzz", among: names) == nil)
        #expect(NearestName.edits(Array("kitten".utf8), Array("sitting".utf8)) == 3)
        #expect(NearestName.edits(Array("ab".utf8), Array("ba".utf8)) == 1)
    }
}
