import Foundation
import Testing

/// The built executable, run to its end.
struct BridgeProcess {
    let status: Int32
    let output: String
    let errors: String

    init(_ arguments: [String], environment: [String: String] = [:]) async throws {
        (self.status, self.output, self.errors) = try await TemporaryFolder.with { folder in
            // Files, not pipes: reading a pipe to its end would block a thread that a server of the same test needs.
            let output = try folder.file("output")
            let errors = try folder.file("errors")
            let process = Process()
            process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
                .deletingLastPathComponent()
                .appendingPathComponent("genesys-kafka-bridge")
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
            process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
            process.standardInput = FileHandle.nullDevice
            let (endings, ending) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = { ending.yield($0.terminationStatus) }
            try process.run()
            var iterator = endings.makeAsyncIterator()
            let status = try #require(await iterator.next())
            return (
                status, try String(contentsOfFile: output, encoding: .utf8),
                try String(contentsOfFile: errors, encoding: .utf8)
            )
        }
    }
}
