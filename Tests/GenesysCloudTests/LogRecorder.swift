import Logging
import Synchronization

/// Keeps what is logged, and tells whoever waits for a line.
final class LogRecorder: Sendable {
    private struct State {
        var lines: [String] = []
        var listeners: [AsyncStream<String>.Continuation] = []
    }

    private let state = Mutex(State())

    var logger: Logger {
        Logger(label: "test") { _ in Handler(recorder: self) }
    }

    /// Level, message and metadata of everything logged.
    var lines: [String] { self.state.withLock { $0.lines } }

    /// Returns once a line that `matches` is there, or when the task is cancelled.
    func waitForLine(_ matches: (String) -> Bool) async {
        let (lines, listener) = AsyncStream<String>.makeStream()
        let earlier = self.state.withLock { state in
            state.listeners.append(listener)
            return state.lines
        }
        guard !earlier.contains(where: matches) else { return }
        for await line in lines where matches(line) { return }
    }

    private func append(_ line: String) {
        let listeners = self.state.withLock { state in
            state.lines.append(line)
            return state.listeners
        }
        for listener in listeners { listener.yield(line) }
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
