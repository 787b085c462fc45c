import BridgeCore
import BridgeRuntime
import Logging
import Testing

@Suite("Channel session", .timeLimit(.minutes(1)))
struct ChannelSessionTests {
    private func session(_ channels: FakeChannels, _ sink: HeldSink) -> ChannelSession {
        let clock = SystemClock()
        let stream = StreamID(tenant: "acme", stream: "0")
        return ChannelSession(
            machine: ChannelMachine(
                policy: ChannelPolicy(redial: Quick.backoff, backoff: Quick.backoff, eviction: Quick.backoff),
                topics: ["v2.e"],
                lastCaughtUp: nil
            ),
            parts: .init(
                stream: stream,
                source: channels,
                service: channels,
                tokens: channels,
                gate: Quick.gate(clock: clock),
                places: ChannelPlaceLine(count: 1),
                sink: sink,
                clock: clock,
                telemetry: StreamTelemetry(stream: stream),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
    }

    private func until(_ isTrue: () -> Bool) async {
        while !isTrue(), !Task.isCancelled { await Task.yield() }
    }

    @Test(
        "what arrives while the sink makes something durable is handed on in one go, in order, up to 1 MiB and a batch (C2)"
    )
    func gathering() async {
        let (channels, sink) = (FakeChannels(), HeldSink())
        let session = self.session(channels, sink)
        await withDiscardingTaskGroup { group in
            group.addTask { await session.run() }
            await self.until { channels.isHeard && channels.isRead }
            sink.hold()
            channels.publish(1)
            await self.until { sink.calls == [["e0"]] }
            channels.publish(50)
            sink.release()
            await self.until { sink.calls.joined().count == 51 }
            #expect(sink.calls == [["e0"], StreamPipelineTests.events(1..<51)])
            sink.hold()
            channels.publish(1)
            await self.until { sink.calls.last == ["e51"] }
            channels.publish(6, padding: 400_000)
            sink.release()
            await self.until { sink.calls.joined().count == 58 }
            #expect(sink.calls.suffix(2) == [["e52", "e53", "e54"], ["e55", "e56", "e57"]])
            await session.stop()
        }
    }

    @Test("what is said behind events is heard of once they are kept, and the end of the socket, too (C4, C5)")
    func behind() async {
        let (channels, sink) = (FakeChannels(), HeldSink())
        let session = self.session(channels, sink)
        await withDiscardingTaskGroup { group in
            group.addTask { await session.run() }
            await self.until { channels.isHeard && channels.isRead }
            sink.hold()
            channels.publish(1)
            await self.until { sink.calls == [["e0"]] }
            channels.publish(2)
            channels.say(.noLongerSubscribed(reason: "another_channel_subscribed"))
            channels.publish(1)
            sink.release()
            // It parts with the socket, and another channel follows.
            await self.until { channels.channelCount == 2 && channels.isHeard }
            #expect(sink.calls.prefix(2) == [["e0"], ["e1", "e2"]])
            sink.hold()
            channels.publish(1)
            await self.until { sink.calls.last == ["e4"] }
            channels.publish(1)
            channels.cut()
            sink.release()
            // It dials again.
            await self.until { channels.isHeard }
            #expect(sink.calls.suffix(2) == [["e4"], ["e5"]])
            await session.stop()
        }
    }
}
