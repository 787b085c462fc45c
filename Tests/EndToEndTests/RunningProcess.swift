import Foundation
import Synchronization
import Testing

/// The built executable as a process of its own: what it prints is kept, and it can be stopped in every way.
final class RunningProcess: Sendable {
    private struct State {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var status: Int32?
        var wasKilled = false
    }

    private let arguments: [String]
    private let process: Process
    private let input = Pipe()
    private let outputPipe = Pipe()
    private let errorPipe = Pipe()
    private let state = Mutex(State())

    /// Starts `genesys-kafka-bridge` with `arguments`.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        let process = Process()
        self.process = process
        self.arguments = arguments
        process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent()
            .appendingPathComponent("genesys-kafka-bridge")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = self.input
        let (output, errors) = (self.outputPipe, self.errorPipe)
        process.standardOutput = output
        process.standardError = errors
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            // Taken and kept in one step: what is neither in the pipe nor here does not exist.
            let isEnd = self?.state.withLock { state in
                let data = handle.availableData
                state.output += data
                return data.isEmpty
            }
            if isEnd ?? true { handle.readabilityHandler = nil }
        }
        errors.fileHandleForReading.readabilityHandler = { [weak self] handle in
            // Taken and kept in one step: what is neither in the pipe nor here does not exist.
            let isEnd = self?.state.withLock { state in
                let data = handle.availableData
                state.errors += data
                return data.isEmpty
            }
            if isEnd ?? true { handle.readabilityHandler = nil }
        }
        process.terminationHandler = { [weak self] process in
            self?.state.withLock { state in
                state.status = process.terminationStatus
                state.wasKilled = process.terminationReason == .uncaughtSignal
            }
        }
        try process.run()
        LastWords.add(self)
    }

    deinit {
        LastWords.keep(self.lastWords, of: ObjectIdentifier(self))
        self.kill()
    }

    /// Ends it, also while it is stopped.
    func kill() {
        guard self.process.isRunning else { return }
        self.signal(SIGKILL)
        self.signal(SIGCONT)
    }

    var output: String { self.state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var errors: String { self.state.withLock { String(decoding: $0.errors, as: UTF8.self) } }
    var isRunning: Bool { self.state.withLock { $0.status == nil } }
    /// The exit status; of a process that a signal ended, the signal's number.
    var status: Int32? { self.state.withLock { $0.status } }

    func signal(_ number: Int32) {
        Foundation.kill(self.process.processIdentifier, number)
    }

    func send(line: String) throws {
        try self.input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Waits for a line on standard output that begins with `prefix`.
    func line(beginningWith prefix: String) async throws -> String {
        var found: Substring?
        try await eventually("a line that begins with '\(prefix)'") {
            found = self.output.split(separator: "\n").first { $0.hasPrefix(prefix) }
            if found == nil, !self.isRunning { throw EarlyEnd(status: self.status ?? -1, errors: self.errors) }
            return found != nil
        }
        return String(try #require(found))
    }

    /// Waits for the end and for everything that was printed before it, and returns the status.
    func ended(within deadline: Duration = .seconds(120)) async throws -> Int32 {
        try await eventually("the end of `\(self.arguments.first ?? "")`", within: deadline) {
            self.state.withLock {
                $0.status != nil && !Self.hasUnread(self.outputPipe) && !Self.hasUnread(self.errorPipe)
            }
        }
        return try #require(self.status)
    }

    /// Whether something waits in `pipe`. Its end is no fact to wait for: a process that was started meanwhile may hold it open.
    private static func hasUnread(_ pipe: Pipe) -> Bool {
        var request = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLIN) != 0
    }

    /// Stops it as it stands, and waits until it does: a signal is only on its way when it is sent.
    func freeze() async throws {
        self.signal(SIGSTOP)
        let path = "/proc/\(self.process.processIdentifier)/stat"
        try await eventually("a process that stands still") {
            let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: ")").last
            return fields?.split(separator: " ").first == "T"
        }
    }

    /// What it is, how it stands, and the end of what it printed; with the length of all that.
    var lastWords: (text: String, length: Int) {
        let (status, output, errors, length) = self.state.withLock { state in
            (
                state.status, state.output.suffix(2_000), state.errors.suffix(6_000),
                state.output.count + state.errors.count
            )
        }
        func lines(_ bytes: ArraySlice<UInt8>, _ count: Int) -> String {
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(count).map { "\n  \($0.prefix(400))" }
                .joined()
        }
        let standing = status.map { "ended with \($0)" } ?? "still runs"
        let text =
            "`\(self.arguments.prefix(4).joined(separator: " "))` \(standing); its last words:"
            + lines(output, 5) + lines(errors, 20)
        return (text, length)
    }

    /// The resident size without what belongs to files, such as the program itself, in bytes; 0 when it does not run.
    var anonymousBytes: Int {
        let text =
            (try? String(contentsOfFile: "/proc/\(self.process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    struct EarlyEnd: Error, CustomStringConvertible {
        var status: Int32
        var errors: String
        var description: String { "the process ended with \(self.status): \(self.errors.suffix(2000))" }
    }
}
