import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

// A Kafka that takes what it is given, and answers nothing.

extension StreamPipelineTests {
    private struct Collector: LogHandler {
        let lines: Lines
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        final class Lines: Sendable {
            let all = Mutex<[String]>([])

            func has(_ text: String) -> Bool { self.count(text) > 0 }

            func count(_ text: String) -> Int { self.all.withLock { $0.count { $0.contains(text) } } }
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            self.lines.all.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }

    @Test(
        "a stream that is not answered says so in its log and its state, and that it is answered again (no-dead-wait)"
    )
    func silentKafka() async {
        let (source, store) = (FakeSource(messageCount: Self.count), FakeStore())
        // The window is full of what is held, and so nothing more happens by itself.
        let kafka = FakeKafka { call in call >= 20 && call < 36 ? .hold : .acknowledge }
        let lines = Collector.Lines()
        let pipeline = self.pipeline(
            source,
            kafka,
            store,
            silenceLimit: .milliseconds(50),
            logHandler: Collector(lines: lines)
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            // On a busy machine it may have been silent before that.
            while kafka.state.withLock({ $0.held.count }) < 16 { await Task.yield() }
            while pipeline.telemetry.snapshot.silentSince == nil { await Task.yield() }
            while !lines.has("warning: Kafka has acknowledged nothing") { await Task.yield() }
            let before = lines.count("notice: Kafka answers again")
            kafka.releaseHeld()
            while kafka.log.count < Self.count { await Task.yield() }
            while lines.count("notice: Kafka answers again") == before { await Task.yield() }
            #expect(pipeline.telemetry.snapshot.silentSince == nil)
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(kafka.log == Self.events(0..<Self.count))
    }
}
