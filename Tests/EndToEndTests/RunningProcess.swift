import Foundation
import Testing

/// The built executable as a process of its own: what it prints is kept, and it can be stopped in every way.
final class RunningProcess: Sendable {
    private let arguments: [String]
    private let process: ChildProcess
    private let folder: URL
    private let outputFile: GrowingFile
    private let errorFile: GrowingFile

    /// Starts `genesys-kafka-bridge` with `arguments`.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        self.arguments = arguments
        let executable = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent()
            .appendingPathComponent("genesys-kafka-bridge")
        self.folder = try TestFolder.make("process")
        let (output, errors) = (folder.appendingPathComponent("output"), folder.appendingPathComponent("errors"))
        self.process = try ChildProcess(
            executable.path,
            arguments,
            environment: ProcessInfo.processInfo.environment
                .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
                .merging(environment) { $1 },
            output: output.path,
            errors: errors.path
        )
        self.outputFile = try GrowingFile(output)
        self.errorFile = try GrowingFile(errors)
        LastWords.add(self)
    }

    deinit {
        LastWords.keep(self.lastWords, of: ObjectIdentifier(self))
        self.kill()
        try? FileManager.default.removeItem(at: self.folder)
    }

    /// Ends it, also while it is stopped.
    func kill() {
        self.signal(SIGKILL)
        self.signal(SIGCONT)
    }

    var output: String { String(decoding: self.outputFile.bytes, as: UTF8.self) }
    var errors: String { String(decoding: self.errorFile.bytes, as: UTF8.self) }
    var isRunning: Bool { self.status == nil }
    var identifier: Int32 { self.process.identifier }
    /// The exit status; of a process that a signal ended, the signal's number.
    var status: Int32? { self.process.status }

    func signal(_ number: Int32) {
        self.process.signal(number)
    }

    func send(line: String) throws {
        try self.process.write(Data("\(line)\n".utf8))
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

    /// Waits for the end, and returns the status.
    func ended(within deadline: Duration = .seconds(120)) async throws -> Int32 {
        try await eventually("the end of `\(self.arguments.first ?? "")`", within: deadline) { self.status != nil }
        return try #require(self.status)
    }

    /// Stops it as it stands, and waits until it does: a signal is only on its way when it is sent.
    func freeze() async throws {
        self.signal(SIGSTOP)
        let path = "/proc/\(self.process.identifier)/stat"
        try await eventually("a process that stands still") {
            let fields = try String(contentsOfFile: path, encoding: .utf8).split(separator: ")").last
            return fields?.split(separator: " ").first == "T"
        }
    }

    /// What it is, how it stands, and the end of what it printed; with the length of all that.
    var lastWords: (text: String, length: Int) {
        let (status, output, errors) = (self.status, self.outputFile.bytes, self.errorFile.bytes)
        func lines(_ bytes: ArraySlice<UInt8>, _ count: Int) -> String {
            String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(count).map { "\n  \($0.prefix(400))" }
                .joined()
        }
        let standing = status.map { "ended with \($0)" } ?? "still runs"
        let text =
            "`\(self.arguments.prefix(4).joined(separator: " "))` \(standing); its last words:"
            + lines(output.suffix(2_000), 5) + lines(errors.suffix(6_000), 20)
        return (text, output.count + errors.count)
    }

    /// The resident size without what belongs to files, such as the program itself, in bytes; 0 when it does not run.
    var anonymousBytes: Int {
        let text =
            (try? String(contentsOfFile: "/proc/\(self.process.identifier)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    struct EarlyEnd: Error, CustomStringConvertible {
        var status: Int32
        var errors: String
        var description: String { "the process ended with \(self.status): \(self.errors.suffix(2000))" }
    }
}
