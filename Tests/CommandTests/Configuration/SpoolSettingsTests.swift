import BridgeCore
import BridgeRuntime
import Testing

@testable import genesys_kafka_bridge

/// `spool`: where events of channels are until Kafka has them [C2].
@Suite("Settings of the spool")
struct SpoolSettingsTests {
    private static func spool(_ section: String, head: [String] = []) throws -> BridgeConfiguration {
        try Fixture.load(ChannelFixture.yaml(head: ["spool: { \(section) }"] + head)).configuration
    }

    private static func errors(_ section: String, head: [String] = []) -> [String] {
        ChannelFixture.errors(ChannelFixture.yaml(head: ["spool: { \(section) }"] + head))
    }

    private static let stream = StreamID(tenant: "acme", stream: "0")

    @Test("without any of it, it is on the disk, beside the checkpoints [C2]")
    func defaults() throws {
        let usual = try Self.spool("")
        #expect(ChannelSettingsMap.spool(usual) == SpoolPolicy())
        #expect(
            ChannelSettingsMap.store(of: Self.stream, usual) == .directory("/var/lib/genesys-kafka-bridge/spool/acme/0")
        )
        let moved = try Self.spool("", head: ["delivery: { checkpoints: { directory: /data } }"])
        #expect(ChannelSettingsMap.store(of: Self.stream, moved) == .directory("/data/spool/acme/0"))
        let own = try Self.spool("directory: /fast", head: ["delivery: { checkpoints: { directory: /data } }"])
        #expect(ChannelSettingsMap.store(of: Self.stream, own) == .directory("/fast/acme/0"))
    }

    @Test("in memory it is smaller, unless that is set [C2]")
    func memory() throws {
        let usual = try Self.spool("store: memory")
        #expect(ChannelSettingsMap.store(of: Self.stream, usual) == .memory)
        #expect(ChannelSettingsMap.spool(usual) == SpoolPolicy(bytesMax: 134_217_728))
        #expect(ChannelSettingsMap.spool(try Self.spool("store: memory, bytes: 256MiB")).bytesMax == 268_435_456)
    }

    @Test("what is set reaches the spool [C2]")
    func everyKey() throws {
        let spool = try Self.spool(
            "bytes: 2GiB, segmentBytes: 8MiB, groupBytes: 1MiB, segmentAge: 5m, whenFull: block, onDamage: fail, "
                + "readAheadBytes: 2MiB, retryDelay: 3s"
        )
        #expect(
            ChannelSettingsMap.spool(spool)
                == SpoolPolicy(
                    bytesMax: 2_147_483_648,
                    segmentBytes: 8_388_608,
                    groupBytes: 1_048_576,
                    segmentAge: .seconds(300),
                    whenFull: .block,
                    onDamage: .fail,
                    readAheadBytes: 2_097_152,
                    retryDelay: .seconds(3)
                )
        )
    }

    @Test(
        "what does not go together is refused with both",
        arguments: [
            ("store: disk", "1:17: spool.store: \"disk\" is not known; write one of the words: directory, memory"),
            (
                "store: memory, directory: /x",
                "1:36: spool.directory: has no meaning with store: memory; leave the directory out, or write store: directory"
            ),
            ("whenFull: dropOldest", "1:20: spool.whenFull: \"dropOldest\" is not known; did you mean dropNewest?"),
            ("onDamage: stop", "1:20: spool.onDamage: \"stop\" is not known; did you mean skip?"),
            (
                "segmentBytes: 257MiB",
                "1:24: spool.segmentBytes: segmentBytes (257MiB) is above a quarter of bytes (1GiB): a spool has room for at "
                    + "least four segments; lower segmentBytes or raise bytes"
            ),
            (
                "bytes: 63MiB",
                "1:17: spool.bytes: segmentBytes (16MiB) is above a quarter of bytes (63MiB): a spool has room for at least "
                    + "four segments; lower segmentBytes or raise bytes"
            ),
            (
                "segmentBytes: 3MiB",
                "1:24: spool.segmentBytes: groupBytes (4MiB) is above segmentBytes (3MiB); lower groupBytes or raise "
                    + "segmentBytes"
            ),
            (
                "bytes: 64MiB",
                "1:17: spool.bytes: a spool of 64MiB drops entries above 16MiB, and connection.maxMessageBytes (16MiB) lets "
                    + "some through that take 16787712B; raise bytes, or lower connection.maxMessageBytes"
            ),
            ("bytes: 1023KiB", "1:17: spool.bytes: \"1023KiB\" is out of range; write a size: 1MiB to 1024GiB"),
            ("segmentAge: 0s", "1:22: spool.segmentAge: \"0s\" is out of range; write a duration: 1s to 24h"),
        ]
    )
    func wrong(section: String, expected: String) {
        #expect(Self.errors(section) == [expected])
    }

    @Test("what the sockets let through must fit, also where it is the batches that are large")
    func entries() {
        let small = "store: memory, bytes: 4MiB, segmentBytes: 1MiB, groupBytes: 1MiB"
        let head = ["connection: { maxMessageBytes: 64KiB }"]
        #expect(Self.errors(small, head: head + ["channels: { maxBatchBytes: 512KiB }"]) == [])
        #expect(
            Self.errors(small, head: head) == [
                "1:32: spool.bytes: a spool of 4MiB drops entries above 1MiB, and channels.maxBatchBytes (1MiB) lets some "
                    + "through that take 1059072B; raise bytes, or lower channels.maxBatchBytes"
            ]
        )
        // A stream needs no spool.
        #expect(Fixture.errors(Fixture.with("spool: { \(small) }")) == [])
    }
}
