import ArgumentParser
import BridgeCore
import BridgeOperations

/// What an error means for the process: the one place that maps errors to exit statuses.
struct ErrorReport {
    /// What is done with it.
    enum Ending {
        /// The command line's own: help, version, a wrong option, or a status that a command chose.
        case commandLine(any Error)
        /// A message on standard error, and a status.
        case failure(ExitStatus, message: String)
    }

    let ending: Ending

    init(_ error: any Error) {
        switch error {
        case let error as ConfigurationError:
            self.ending = .failure(.configuration, message: error.description)
        case let error as CommandFailure:
            self.ending = .failure(error.status, message: error.description)
        case let error as AdminServerError:
            self.ending = .failure(.unavailable, message: error.description)
        case let error as CheckpointStoreError:
            self.ending = .failure(.unavailable, message: error.description)
        case let error where error is ExitCode || GenesysKafkaBridge.exitCode(for: error) != .failure:
            self.ending = .commandLine(error)
        default:
            let shown = ControlCharacters.escape(String("\(error)".prefix(500)))
            self.ending = .failure(.internalError, message: "internal error: \(shown)")
        }
    }

    /// Says it and ends the process.
    func exit() -> Never {
        switch self.ending {
        case .commandLine(let error):
            GenesysKafkaBridge.exit(withError: error)
        case .failure(let status, let message):
            StandardStream.error.write(line: message)
            GenesysKafkaBridge.exit(withError: ExitCode(status.rawValue))
        }
    }
}
