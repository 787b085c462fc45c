/// `delivery`.
enum DeliverySettings {
    static let guarantee = Setting(
        "guarantee",
        .word(),
        default: DeliveryGuarantee.atLeastOnce,
        "at-least-once: a crash repeats at most what was not committed; exactly-once: one transaction an interval, nothing is repeated"
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
        "batches of one stream between socket and acknowledgement; with exactly-once those of one transaction, and as many for the next"
    )
    static let inFlightBytes = Setting(
        "bytes",
        .size(1_048_576...17_179_869_184),
        default: 67_108_864,
        "bytes between sockets and acknowledgement, divided equally among the tenants of the process"
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

    static let definitions: [SettingDefinition] = [
        guarantee.definition,
        .section("inFlight", inFlightDefinitions),
        .section("checkpoints", CheckpointSettings.definitions),
        drainTimeout.definition,
        onRefused.definition,
        .section("refusedBackoff", refusedBackoff.definitions),
    ]

    static func decode(_ reader: MappingReader) -> DeliveryConfiguration {
        let inFlight = reader.section("inFlight", Self.inFlightDefinitions)
        let guarantee = reader.value(Self.guarantee)
        let checkpointReader = reader.section("checkpoints", CheckpointSettings.definitions)
        let checkpoints = CheckpointSettings.decode(checkpointReader)
        if guarantee == .exactlyOnce, checkpoints.store == .directory {
            checkpointReader.report(
                CheckpointSettings.store.key,
                "cannot be directory with guarantee: exactly-once: positions are written in one transaction with the records",
                "write store: kafkaTopic"
            )
        }
        return DeliveryConfiguration(
            guarantee: guarantee,
            inFlight: InFlightConfiguration(
                batches: inFlight.value(Self.inFlightBatches),
                bytes: inFlight.value(Self.inFlightBytes)
            ),
            checkpoints: checkpoints,
            drainTimeout: reader.value(Self.drainTimeout),
            onRefused: reader.value(Self.onRefused),
            refusedBackoff: Self.refusedBackoff.decode(
                reader.section("refusedBackoff", Self.refusedBackoff.definitions)
            )
        )
    }
}
