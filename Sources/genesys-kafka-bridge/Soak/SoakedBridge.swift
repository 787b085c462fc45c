import Foundation

/// A bridge in a process of its own, which can be killed and started again.
final class SoakedBridge {
    private let configurationPath: String
    private let log: FileHandle
    private var process = Process()
    /// Times that it ended without being told to.
    private(set) var unexpectedEnds = 0

    /// Starts `genesys-kafka-bridge run` with a configuration; what it says goes to `logPath`.
    init(configurationPath: String, logPath: String) throws {
        self.configurationPath = configurationPath
        _ = FileManager.default.createFile(atPath: logPath, contents: nil)
        self.log = try FileHandle(forWritingTo: URL(fileURLWithPath: logPath))
        try self.start()
    }

    var identifier: Int32 { self.process.processIdentifier }

    /// A new process.
    func start() throws {
        self.process = Process()
        self.process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        self.process.arguments = ["run", "--config", self.configurationPath]
        self.process.standardOutput = self.log
        self.process.standardError = self.log
        self.process.standardInput = FileHandle.nullDevice
        try self.process.run()
    }

    /// A new process when the last one has ended by itself.
    func startAgainIfEnded() throws {
        guard !self.process.isRunning else { return }
        self.unexpectedEnds += 1
        try self.start()
    }

    /// As a machine that loses its power does it.
    func kill() {
        Foundation.kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
    }

    /// Asks it to end, and waits.
    ///
    /// - Returns: its exit status.
    func stop() -> Int32 {
        self.process.terminate()
        self.process.waitUntilExit()
        return self.process.terminationStatus
    }
}
