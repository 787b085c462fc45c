import BridgeCore

/// `spool` (C2).
enum SpoolSettings {
    static let store = Setting(
        "store",
        .word(),
        default: SpoolStoreKind.directory,
        "with protocol: channels: where events are kept until Kafka has them: files, which survive a crash, or memory, which does not"
    )
    static let directory = BareSetting(
        optional: "directory",
        .text("a path"),
        absence: "the folder spool in delivery.checkpoints.directory",
        "folder of the spools' folders; must be durable, and belongs to one instance"
    )
    static let bytes = BareSetting(
        optional: "bytes",
        .size(1_048_576...1_099_511_627_776),
        absence: "1GiB; with store: memory 128MiB",
        "bytes that each stream's spool may take; a tenant has one stream for each channelful of topics"
    )
    static let segmentBytes = Setting(
        "segmentBytes",
        .size(65_536...1_073_741_824),
        default: 16_777_216,
        "bytes of one of its files; at most a quarter of bytes"
    )
    static let groupBytes = Setting(
        "groupBytes",
        .size(4096...268_435_456),
        default: 4_194_304,
        "bytes that are written with one sync; at most segmentBytes"
    )
    static let segmentAge = Setting(
        "segmentAge",
        .duration(.seconds(1)...(.seconds(86_400))),
        default: .seconds(600),
        "a file is closed after so long, so that what Kafka has is soon deleted"
    )
    static let whenFull = Setting(
        "whenFull",
        .word(),
        default: SpoolPolicy.WhenFull.dropNewest,
        "without room: drop what comes, with a gap record, or block the socket until the server closes it, which is a gap record, too"
    )
    static let onDamage = Setting(
        "onDamage",
        .word(),
        default: SpoolPolicy.OnDamage.skip,
        "what cannot be read any more: skip it, with a gap record, or fail: delivery stands still until the file is mended"
    )
    static let readAheadBytes = Setting(
        "readAheadBytes",
        .size(65_536...1_073_741_824),
        default: 8_388_608,
        "bytes of each stream's spool that are kept in memory for Kafka"
    )
    static let retryDelay = Setting(
        "retryDelay",
        .duration(.milliseconds(10)...(.seconds(300))),
        default: .seconds(1),
        "pause after a write that failed"
    )

    static let definitions: [SettingDefinition] = [
        store.definition, directory.definition, bytes.definition, segmentBytes.definition, groupBytes.definition,
        segmentAge.definition, whenFull.definition, onDamage.definition, readAheadBytes.definition,
        retryDelay.definition,
    ]

    private static let bytesOfMemory = 134_217_728
    private static let bytesOfDirectory = 1_073_741_824
    private static let folder = "spool"
    /// What an entry takes beside the bytes of its messages: for each event, and for itself.
    private static let eventOverhead = 64
    private static let entryOverhead = 4096

    static func decode(_ reader: MappingReader, checkpoints: CheckpointsConfiguration) -> SpoolConfiguration {
        let store = reader.value(Self.store)
        let directory = reader.value(Self.directory)
        let policy = SpoolPolicy(
            bytesMax: reader.value(Self.bytes) ?? (store == .memory ? Self.bytesOfMemory : Self.bytesOfDirectory),
            segmentBytes: reader.value(Self.segmentBytes),
            groupBytes: reader.value(Self.groupBytes),
            segmentAge: reader.value(Self.segmentAge),
            whenFull: reader.value(Self.whenFull),
            onDamage: reader.value(Self.onDamage),
            readAheadBytes: reader.value(Self.readAheadBytes),
            retryDelay: reader.value(Self.retryDelay)
        )
        if store == .memory, directory != nil {
            reader.report(
                Self.directory.key,
                "has no meaning with store: memory",
                "leave the directory out, or write store: directory"
            )
        }
        Self.check(policy, reader)
        return SpoolConfiguration(
            store: store,
            directory: directory ?? "\(checkpoints.directory)/\(Self.folder)",
            policy: policy
        )
    }

    private static func check(_ policy: SpoolPolicy, _ reader: MappingReader) {
        let context = reader.context
        let paths = [Self.store.key, Self.bytes.key, Self.segmentBytes.key].map(reader.keyPath)
        if let defect = policy.defect, !paths.contains(where: { context.hasIssue(at: $0) }) {
            reader.report(
                reader.has(Self.segmentBytes.key) ? Self.segmentBytes.key : Self.bytes.key,
                "segmentBytes (\(SizeText.format(policy.segmentBytes))) is above a quarter of bytes "
                    + "(\(SizeText.format(policy.bytesMax))): \(defect)",
                "lower segmentBytes or raise bytes"
            )
        }
        if policy.groupBytes > policy.segmentBytes,
            !context.hasIssue(at: reader.keyPath(Self.groupBytes.key), reader.keyPath(Self.segmentBytes.key))
        {
            reader.report(
                reader.has(Self.groupBytes.key) ? Self.groupBytes.key : Self.segmentBytes.key,
                "groupBytes (\(SizeText.format(policy.groupBytes))) is above segmentBytes "
                    + "(\(SizeText.format(policy.segmentBytes)))",
                "lower groupBytes or raise segmentBytes"
            )
        }
    }

    /// What the sockets let through must fit: an entry that is too large is dropped.
    static func check(_ configuration: BridgeConfiguration, _ reader: MappingReader) {
        let context = reader.context
        guard configuration.tenants.contains(where: { $0.streamProtocol == .channels }),
            !context.hasIssue(at: reader.keyPath(Self.bytes.key), reader.keyPath(Self.segmentBytes.key)),
            !context.hasIssue(
                at: reader.keyPath(Self.store.key),
                "connection.maxMessageBytes",
                "channels.maxBatchBytes",
                "channels.maxEventsPerBatch"
            )
        else { return }
        let (connection, channels) = (configuration.connection, configuration.channels)
        let isMessage = connection.maxMessageBytes >= channels.maxBatchBytes
        let largest = max(connection.maxMessageBytes, channels.maxBatchBytes)
        let entry = largest + channels.maxEventsPerBatch * Self.eventOverhead + Self.entryOverhead
        let limit = configuration.spool.policy.entryBytesMax
        guard entry > limit else { return }
        let key = isMessage ? "connection.maxMessageBytes" : "channels.maxBatchBytes"
        reader.report(
            Self.bytes.key,
            "a spool of \(SizeText.format(configuration.spool.policy.bytesMax)) drops entries above \(SizeText.format(limit)), "
                + "and \(key) (\(SizeText.format(largest))) lets some through that take \(SizeText.format(entry))",
            "raise bytes, or lower \(key)"
        )
    }
}
