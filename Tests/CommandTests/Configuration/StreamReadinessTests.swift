import BridgeCore
import BridgeRuntime
import Testing

@testable import genesys_kafka_bridge

@Suite("Readiness of a stream")
struct StreamReadinessTests {
    @Test("a stream that Kafka does not answer is not ready, and says for how long (no-dead-wait)")
    func silent() {
        var stream = StreamSnapshot(stream: StreamID(tenant: "acme", stream: "0"))
        stream.status = .open
        let now = Instant().advanced(by: .seconds(100))
        #expect(BridgeHealth.isReady(stream) && BridgeHealth.reasons(of: stream, now: now).isEmpty)
        stream.silentSince = Instant().advanced(by: .seconds(55))
        #expect(!BridgeHealth.isReady(stream))
        #expect(BridgeHealth.reasons(of: stream, now: now) == ["Kafka has acknowledged nothing for 45 s"])
    }
}
