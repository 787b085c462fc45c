import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

// What subscriptions are called where others read it.

extension StreamPipelineTests {
    private struct Collector: LogHandler {
        let lines: Lines
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.all.withLock { $0.append("\(event.level): \(event.message) \(event.metadata ?? [:])") }
        }
    }

    private static func label(_ topic: SubscriptionTopic) -> String { "\(topic.event):hidden" }

    @Test("a subscription is called as its label says in gap records, log lines and status (S5.3, no-silent-loss)")
    func labels() async {
        let topics = ["u-1", "u-2"].map { SubscriptionTopic(event: "e", resourceID: $0) }
        let (source, kafka) = (FakeSource(messageCount: Self.count), FakeKafka())
        let lines = Collector.Lines()
        let pipeline = self.pipeline(
            source,
            kafka,
            FakeStore(initial: "-1"),
            topics: topics,
            validator: ScriptedValidator(refusing: [[topics[1]]]),
            label: Self.label,
            logHandler: Collector(lines: lines)
        )
        await self.run(pipeline) { kafka.log.count == Self.count }
        #expect(kafka.notices.first?.contains(#""subscriptions":["e:hidden"]"#) == true, "\(kafka.notices)")
        #expect(pipeline.telemetry.snapshot.prunedSubscriptions == ["e:hidden: not found"])
        let log = lines.all.withLock { $0 }.joined(separator: "\n")
        #expect(log.contains("a subscription is left out") && log.contains("e:hidden"))
        for text in [log, kafka.notices.joined(), "\(pipeline.telemetry.snapshot)"] {
            #expect(!text.contains("u-1") && !text.contains("u-2"), "\(text)")
        }
    }

    @Test("the reason why nothing is left to subscribe to names what was left out by its label (S5.6)")
    func labelInReason() async {
        let topics = [SubscriptionTopic(event: "e", resourceID: "u-1")]
        let lines = Collector.Lines()
        let pipeline = self.pipeline(
            FakeSource(messageCount: 1),
            FakeKafka(),
            FakeStore(),
            topics: topics,
            validator: ScriptedValidator(refusing: Array(repeating: topics, count: 1000)),
            label: Self.label,
            logHandler: Collector(lines: lines)
        )
        let reason = "the server takes none of the subscriptions: e:hidden: not found"
        await self.run(pipeline) { pipeline.telemetry.snapshot.status == .parked(reason: reason) }
        let log = lines.all.withLock { $0 }.joined(separator: "\n")
        #expect(log.contains(reason) && !log.contains("u-1"), "\(log)")
    }
}
