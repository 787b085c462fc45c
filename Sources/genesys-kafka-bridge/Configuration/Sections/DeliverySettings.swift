/// `delivery`.
enum DeliverySettings {
    static let guarantee = Setting(
        "guarantee",
        .word(unavailable: ["exactly-once": "exactly-once delivery comes later"]),
        default: DeliveryGuarantee.atLeastOnce,
        "what is promised: every event reaches Kafka, a crash repeats at most what was not committed"
    )
    static let drainTimeout = Setting(
        "drainTimeout",
        .duration(.zero ... .seconds(600)),
        default: .seconds(20),
        "how long a stop waits for what is in flight; keep it below the orchestrator's grace period"
    )
    static let inFlightBatches = Setting(
        "batches",
        .integer(1...65_536),
        default: 256,
        "batches of one stream between socket and acknowledgement"
    )
    static let inFlightBytes = Setting(
        "bytes",
        .size(1_048_576...17_179_869_184),
        default: 67_108_864,
        "bytes between sockets and acknowledgement, divided equally among the tenants of the process"
    )
    static let checkpointDirectory = Setting(
        "directory",
        .text("a path"),
        default: "/var/lib/genesys-kafka-bridge",
        "folder of the checkpoint files; must be durable, and belongs to one instance"
    )
    static let commitInterval = Setting(
        "commitInterval",
        .duration(.milliseconds(1)...(.seconds(60))),
        default: .milliseconds(100),
        "longest time from acknowledgement to commit; longer repeats more after a crash, shorter writes more"
    )
    static let commitBatches = Setting(
        "commitBatches",
        .integer(1...65_536),
        default: 64,
        "acknowledged batches after which a commit does not wait for the interval"
    )
    static let onRefused = Setting(
        "onRefused",
        .word(),
        default: RefusedRecordPolicy.deadLetter,
        "Kafka refuses a record for good: deadLetter it and go on, or retry it and commit nothing behind it"
    )
    private static let refusedBackoff = BackoffSettings(
        base: .seconds(1),
        cap: .seconds(60),
        jitter: .full,
        purpose: "before a stream resumes after Kafka refused a record"
    )

    private static let inFlightDefinitions = [inFlightBatches.definition, inFlightBytes.definition]
    private static let checkpointDefinitions = [
        checkpointDirectory.definition, commitInterval.definition, commitBatches.definition,
    ]

    static let definitions: [SettingDefinition] = [
        guarantee.definition,
        .section("inFlight", inFlightDefinitions),
        .section("checkpoints", checkpointDefinitions),
        drainTimeout.definition,
        onRefused.definition,
        .section("refusedBackoff", refusedBackoff.definitions),
    ]

    static func decode(_ reader: MappingReader) -> DeliveryConfiguration {
        let inFlight = reader.section("inFlight", Self.inFlightDefinitions)
        let checkpoints = reader.section(
            "checkpoints",
            Self.checkpointDefinitions,
            unavailable: ["kafkaTopic": "checkpoints in Kafka come later"]
        )
        return DeliveryConfiguration(
            guarantee: reader.value(Self.guarantee),
            inFlight: InFlightConfiguration(
                batches: inFlight.value(Self.inFlightBatches),
                bytes: inFlight.value(Self.inFlightBytes)
            ),
            checkpoints: CheckpointsConfiguration(
                directory: checkpoints.value(Self.checkpointDirectory),
                commitInterval: checkpoints.value(Self.commitInterval),
                commitBatches: checkpoints.value(Self.commitBatches)
            ),
            drainTimeout: reader.value(Self.drainTimeout),
            onRefused: reader.value(Self.onRefused),
            refusedBackoff: Self.refusedBackoff.decode(
                reader.section("refusedBackoff", Self.refusedBackoff.definitions)
            )
        )
    }
}
