import BridgeCore
import Synchronization

/// A producer that commits positions together with records, in transactions that a list stands for: only what is committed is in `log`.
///
/// A transaction ends when a stream settles, or after `batchesMax` batches at the end of a message; never by time.
final class CommittingKafka: RecordProducer {
    struct State {
        var log: [String] = []
        var notices: [String] = []
        /// The position of each commit that brought one.
        var positions: [String] = []
        /// What was handed over, as its events' values.
        var batches: [(values: [String], part: RecordBatch.Part, position: String?, endsMessage: Bool)] = []
        var open: [(batch: RecordBatch, sink: any DeliveryReportSink)] = []
        /// What is refused, as `topic value`.
        var refused: Set<String> = []
        var aborts = 0
        var settles = 0
    }

    let state: Mutex<State>
    private let batchesMax: Int
    /// Where its checkpoints are read.
    private let store: FakeStore?

    init(batchesMax: Int, refusing refused: Set<String> = [], store: FakeStore? = nil) {
        self.batchesMax = batchesMax
        self.store = store
        self.state = Mutex(State(refused: refused))
    }

    var commitsPositions: Bool { true }
    var log: [String] { self.state.withLock { $0.log } }

    func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        guard !sink.hasFailed else {
            return sink.receive(Self.report(batch, .unknown(reason: "behind a failed batch")))
        }
        let values = batch.records.map { batch.bytes.string($0.value) }
        let (refusals, isComplete) = self.state.withLock { state in
            let progress = batch.progress
            let position = progress?.checkpoint?.position.value
            state.batches.append((values, batch.part, position, progress?.endsMessage == true))
            state.open.append((batch, sink))
            let refusals = batch.records.indices.filter { index in
                state.refused.contains("\(Self.topic(batch.records[index], batch)) \(values[index])")
            }
            let endsMessage = progress?.endsMessage == true && !batch.part.isLeading
            return (refusals, state.open.count >= self.batchesMax && endsMessage)
        }
        if !refusals.isEmpty { return self.abort(refusing: batch) }
        if batch.part.isLeading { sink.receive(Self.report(batch, .acknowledged)) }
        if isComplete { self.commit() }
    }

    func settle(_ stream: StreamID) async {
        self.state.withLock { $0.settles += 1 }
        self.commit()
    }

    private func commit() {
        let open = self.state.withLock { state in
            for (batch, _) in state.open {
                for record in batch.records {
                    let (topic, value) = (Self.topic(record, batch), batch.bytes.string(record.value))
                    if topic == "t" { state.log.append(value) } else { state.notices.append("\(topic) \(value)") }
                }
                if !batch.part.isLeading, let checkpoint = batch.progress?.checkpoint {
                    state.positions.append(checkpoint.position.value)
                }
            }
            defer { state.open = [] }
            return state.open
        }
        for (batch, sink) in open where !batch.part.isLeading {
            self.store?.hold(batch.progress)
            sink.receive(Self.report(batch, .acknowledged))
        }
    }

    private func abort(refusing refused: RecordBatch) {
        let open = self.state.withLock { state in
            state.aborts += 1
            defer { state.open = [] }
            return state.open
        }
        for (batch, sink) in open {
            guard batch.sequence == refused.sequence, batch.part == refused.part else {
                if !batch.part.isLeading { sink.receive(Self.report(batch, .unknown(reason: "aborted"))) }
                continue
            }
            var report = Self.report(batch, .refused(reason: "TOO_LARGE"))
            report.refusals = batch.records.indices.map {
                RecordRefusal(index: $0, extent: .request, reason: "TOO_LARGE")
            }
            sink.receive(report)
        }
    }

    private static func report(_ batch: RecordBatch, _ outcome: DeliveryReport.Outcome) -> DeliveryReport {
        DeliveryReport(sequence: batch.sequence, outcome: outcome)
    }

    private static func topic(_ record: KafkaRecord, _ batch: RecordBatch) -> String {
        batch.routes.routes[Int(record.route)].kafkaTopic
    }
}
