internal import BridgeCore
internal import Locking

/// One record on its way to the checkpoint topic, and who waits for its report.
final class CheckpointWrite: DeliveryReportSink {
    private enum State {
        case pending
        case waiting(CheckedContinuation<DeliveryReport.Outcome, Never>)
        case over(DeliveryReport.Outcome)
    }

    private let state = Locked(State.pending)

    func receive(_ report: DeliveryReport) { self.finish(report.outcome) }

    func batchIsFailing() {}

    /// A write stands alone: none is kept back for another's sake.
    var hasFailed: Bool { false }

    /// Nobody waits any longer: what becomes of the record is unknown.
    func giveUp() { self.finish(.unknown(reason: "stopped before Kafka acknowledged it")) }

    /// The report, whenever it came.
    func outcome() async -> DeliveryReport.Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = self.state.withLock { state -> DeliveryReport.Outcome? in
                    if case .over(let outcome) = state { return outcome }
                    state = .waiting(continuation)
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            self.giveUp()
        }
    }

    private func finish(_ outcome: DeliveryReport.Outcome) {
        let waiting = self.state.withLock { state -> CheckedContinuation<DeliveryReport.Outcome, Never>? in
            switch state {
            case .pending:
                state = .over(outcome)
                return nil
            case .waiting(let continuation):
                state = .over(outcome)
                return continuation
            case .over: return nil
            }
        }
        waiting?.resume(returning: outcome)
    }
}
