import BridgeCore
import Synchronization

/// A producer that writes to a list, and whose reports come when and how the test says.
final class FakeKafka: RecordProducer {
    enum Fate: Sendable {
        /// Written and acknowledged at once.
        case acknowledge
        /// Written or not, nobody knows.
        case unknown(isWritten: Bool)
        /// Held until `releaseHeld()`.
        case hold
    }

    struct State {
        var log: [String] = []
        /// What went to other topics than the events', as `topic value`.
        var notices: [String] = []
        var held: [(DeliveryReport, any DeliveryReportSink)] = []
        var calls = 0
        /// What is refused, as `topic value`.
        var refused: Set<String> = []
        /// Bytes of a value that a topic takes at most.
        var bytesMax: [String: Int] = [:]
        /// How many calls were refused.
        var refusedCalls = 0
    }

    let state = Mutex(State())
    private let fate: @Sendable (_ call: Int) -> Fate
    private let refusalExtent: RecordRefusal.Extent

    init(
        refusing refused: Set<String> = [],
        _ refusalExtent: RecordRefusal.Extent = .request,
        fate: @escaping @Sendable (_ call: Int) -> Fate = { _ in .acknowledge }
    ) {
        self.refusalExtent = refusalExtent
        self.state.withLock { $0.refused = refused }
        self.fate = fate
    }

    func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        let call = self.state.withLock { state in
            defer { state.calls += 1 }
            return state.calls
        }
        func report(_ outcome: DeliveryReport.Outcome) -> DeliveryReport {
            DeliveryReport(sequence: batch.sequence, outcome: outcome)
        }
        guard !sink.hasFailed else { return sink.receive(report(.unknown(reason: "behind a failed batch"))) }
        let values = batch.records.filter { Self.topic($0, batch) == "t" }.map { batch.bytes.string($0.value) }
        let notices = batch.records.filter { Self.topic($0, batch) != "t" }.map {
            "\(Self.topic($0, batch)) \(batch.bytes.string($0.value))"
        }
        let isTooLarge = batch.records.contains { record in
            record.value.count > self.state.withLock { $0.bytesMax[Self.topic(record, batch)] } ?? .max
        }
        let isRefused = batch.records.contains { record in
            let name = "\(Self.topic(record, batch)) \(batch.bytes.string(record.value))"
            return self.state.withLock { $0.refused.contains(name) }
        }
        if isRefused || isTooLarge {
            self.state.withLock { $0.refusedCalls += 1 }
            // A refused request names all of its records.
            let refusals = batch.records.indices.map {
                RecordRefusal(index: $0, extent: self.refusalExtent, reason: "REFUSED", isTooLarge: isTooLarge)
            }
            return sink.receive(
                DeliveryReport(sequence: batch.sequence, outcome: .refused(reason: "REFUSED"), refusals: refusals)
            )
        }
        switch self.fate(call) {
        case .acknowledge:
            self.state.withLock { state in
                state.log += values
                state.notices += notices
            }
            sink.receive(report(.acknowledged))
        case .unknown(let isWritten):
            if isWritten { self.state.withLock { $0.log += values } }
            sink.receive(report(.unknown(reason: "timed out")))
        case .hold:
            self.state.withLock { state in
                state.log += values
                state.held.append((report(.acknowledged), sink))
            }
        }
    }

    private static func topic(_ record: KafkaRecord, _ batch: RecordBatch) -> String {
        batch.routes.routes[Int(record.route)].kafkaTopic
    }

    func releaseHeld() {
        let held = self.state.withLock { state in
            defer { state.held = [] }
            return state.held
        }
        for (report, sink) in held { sink.receive(report) }
    }

    var log: [String] { self.state.withLock { $0.log } }
    var notices: [String] { self.state.withLock { $0.notices } }
    var refusedCalls: Int { self.state.withLock { $0.refusedCalls } }
    var calls: Int { self.state.withLock { $0.calls } }
}
