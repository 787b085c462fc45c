import ArgumentParser
import BridgeCore
import BridgeOperations
import Testing

@testable import genesys_kafka_bridge

@Suite("What an error means for the process")
struct ErrorReportTests {
    private struct Unforeseen: Error, CustomStringConvertible {
        var description: String
    }

    @Test("each kind of error has its status")
    func statuses() {
        let issue = ConfigurationIssue(position: .start, keyPath: "a", problem: "p", remedy: "r")
        let cases: [(any Error, genesys_kafka_bridge.ExitStatus, String)] = [
            (ConfigurationError(file: "f", issues: [issue]), .configuration, "f:1:1: a: p; r"),
            (CommandFailure(.unavailable, "gone"), .unavailable, "gone"),
            (AdminServerError(address: "h:1", reason: "r"), .unavailable, "the admin server cannot listen on h:1: r"),
            (CheckpointStoreError(kind: .locked, description: "locked"), .unavailable, "locked"),
            (Unforeseen(description: "a\u{1b}b"), .internalError, "internal error: a\\u{1b}b"),
            (CancellationError(), .internalError, "internal error: CancellationError()"),
        ]
        for (error, status, message) in cases {
            switch ErrorReport(error).ending {
            case .failure(let reported, let said):
                #expect(reported == status && said == message)
            case .commandLine:
                Issue.record("\(error) is not the command line's")
            }
        }
    }

    @Test("wrong usage and chosen statuses are the command line's")
    func commandLine() {
        for (error, code) in [
            (ValidationError("x") as any Error, 64), (ExitCode(1), 1), (ExitCode(78), 78), (CleanExit.helpRequest(), 0),
        ] as [(any Error, Int32)] {
            switch ErrorReport(error).ending {
            case .failure: Issue.record("\(error) is the command line's")
            case .commandLine(let own): #expect(GenesysKafkaBridge.exitCode(for: own).rawValue == code)
            }
        }
    }
}
