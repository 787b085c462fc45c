import Foundation
import UnixSignals

/// SIGTERM and SIGINT: the first asks for a graceful stop, the second ends the process at once.
struct StopSignals: Sendable {
    private let signals: UnixSignalsSequence

    /// Takes the two signals over from their default, from now on.
    init() async {
        self.signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    }

    /// Runs `body` with a way to wait for the first signal. A second signal ends the process where it stands, with 128 + its number, as a
    /// shell shows it.
    func during<Value: Sendable>(
        _ body: @escaping @Sendable (_ firstSignal: @escaping @Sendable () async -> Void) async throws -> Value
    ) async throws -> Value {
        let (first, firstContinuation) = AsyncStream.makeStream(of: Never.self)
        let signals = self.signals
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                var count = 0
                for await signal in signals {
                    count += 1
                    firstContinuation.finish()
                    if count == 2 { _exit(128 + (signal == .sigint ? SIGINT : SIGTERM)) }
                }
                return nil
            }
            group.addTask { try await body { for await _ in first {} } }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let value = ended { return value }
            }
            throw CancellationError()
        }
    }
}
