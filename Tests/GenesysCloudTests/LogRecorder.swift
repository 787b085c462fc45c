import Logging
import Synchronization

/// Keeps what is logged, and tells whoever waits for a line.
final class LogRecorder: Sendable {
    private struct State {
        var lines: [String] = []
        var waiters: [(matches: @Sendable (String) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    /// Level, message and metadata of everything logged.
    var lines: [String] { self.state.withLock { $0.lines } }

    /// Returns once a line that `matches` is there.
    func waitForLine(_ matches: @escaping @Sendable (String) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isThere = self.state.withLock { state in
                if state.lines.contains(where: matches) { return true }
                state.waiters.append((matches, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func append(_ line: String) {
        let ready = self.state.withLock { state in
            state.lines.append(line)
            let ready = state.waiters.filter { $0.matches(line) }
            state.waiters.removeAll { $0.matches(line) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let metadata = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            self.recorder.append(([event.level.rawValue, "\(event.message)"] + metadata).joined(separator: " "))
        }
    }
}
