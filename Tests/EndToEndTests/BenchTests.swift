import Foundation
import Testing

/// The benchmark as an engineer runs it; its figures are nobody's promise here.
@Suite("The benchmark", .serialized, .lastWords, .timeLimit(.minutes(3)))
struct BenchTests {
    @Test("measures the bridge and bare librdkafka, with headers and without")
    func measures() async throws {
        let bench = try RunningProcess(["bench", "--events", "10000"])
        #expect(try await bench.ended(within: .seconds(170)) == 0, "\(bench.errors.suffix(1000))")
        for name in [
            "bridge, 7 headers", "bare librdkafka, 7 headers", "bridge, no headers", "bare librdkafka, no headers",
        ] {
            #expect(bench.output.contains(name), "\(bench.output)")
        }
    }

    @Test("measures channels: the spool on disk and in memory, two channels, bare librdkafka, a bare reader")
    func measuresChannels() async throws {
        let bench = try RunningProcess([
            "bench", "--protocol", "channels", "--events", "10000", "--rounds", "1", "--seconds", "0", "--topics",
            "v2.users.{user}.presence",
        ])
        #expect(try await bench.ended(within: .seconds(170)) == 0, "\(bench.errors.suffix(1000))")
        for name in [
            "bridge, spool on disk", "bridge, spool in memory", "bridge, two channels", "bare librdkafka",
            "bare reader of the socket", "bridge at a tenth of that rate", "-byte events on average",
        ] {
            #expect(bench.output.contains(name), "\(bench.output)")
        }
    }

    @Test("leaves none of its processes behind, however it ends", arguments: [SIGINT, SIGTERM, SIGKILL])
    func ends(signal: Int32) async throws {
        let bench = try RunningProcess(["bench", "--events", "100000000"])
        try await eventually("broker, simulator and bridge run") { Self.children(of: bench.identifier).count == 3 }
        let children = Self.children(of: bench.identifier)
        bench.signal(signal)
        _ = try await bench.ended()
        try await eventually("they have ended") { children.allSatisfy { !Self.isRunning($0) } }
    }

    /// The processes that say of themselves that `identifier` has started them.
    private static func children(of identifier: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { Self.status(of: $0).contains("PPid:\t\(identifier)\n") }
    }

    private static func isRunning(_ identifier: Int32) -> Bool {
        let status = Self.status(of: identifier)
        return !status.isEmpty && !status.contains("State:\tZ")
    }

    private static func status(of identifier: Int32) -> String {
        (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
    }
}
