import Foundation

/// A process of this executable that serves or measures for `bench`.
final class BenchChild {
    private let process = Process()
    private let output = Pipe()
    /// The child ends when this does.
    private let input = Pipe()

    /// Starts `genesys-kafka-bridge` with `arguments`.
    init(_ arguments: [String]) throws {
        self.process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        self.process.arguments = arguments + ["--ends-with-input"]
        self.process.standardOutput = self.output
        self.process.standardInput = self.input
        try self.process.run()
    }

    /// The first line that it prints, without waiting for more.
    func firstLine() -> String {
        var line: [UInt8] = []
        while let byte = try? self.output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// All that it prints, once it has ended.
    func wholeOutput() throws -> Data {
        let data = try self.output.fileHandleForReading.readToEnd() ?? Data()
        self.process.waitUntilExit()
        guard self.process.terminationStatus == 0 else {
            throw CommandFailure(
                .internalError,
                "a measuring process ended with status \(self.process.terminationStatus)"
            )
        }
        return data
    }

    /// Asks it to end, and waits.
    func end() {
        guard self.process.isRunning else { return }
        self.process.terminate()
        self.process.waitUntilExit()
    }
}
