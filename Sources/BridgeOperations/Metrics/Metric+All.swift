extension Metric {
    /// Every metric, in the order of the page.
    static let all = Self.states + Self.ages + Self.events + Self.messages + Self.gaps + Self.spools

    private static let states: [Metric] = [
        Metric(
            "genesys_bridge_ready",
            .gauge,
            "Whether the instance does its work, 1 or 0. Where it is 0, GET /health/ready says why.",
            of: { $0.ready ? 1 : 0 }
        ),
        Metric(
            "genesys_bridge_tenant_ready",
            .gauge,
            "Whether the tenant does its work, 1 or 0. Where it is 0 for minutes, GET /status says why.",
            perTenant: { $0.ready ? 1 : 0 }
        ),
        Metric(
            "genesys_bridge_reconnects_total",
            .counter,
            "Connections that ended and were replaced. Many an hour: look at the network, or at who else uses the client.",
            perTenant: { Double($0.reconnects) }
        ),
        Metric(
            "genesys_bridge_in_flight_bytes",
            .gauge,
            "Bytes between socket and acknowledgement, or between spool and acknowledgement. Near its bound: Kafka is slow.",
            perTenant: { Double($0.inFlightBytes) }
        ),
        Metric(
            "genesys_bridge_split_messages_total",
            .counter,
            "Messages that a transaction has cut in two, of the tenant's partition. There only with exactly-once.",
            perTenant: { $0.splitMessages.map { Double($0) } }
        ),
    ]

    private static let ages: [Metric] = [
        Metric(
            "genesys_bridge_committed_position_age_seconds",
            .gauge,
            "Seconds since a position was committed, of the stream that is longest without. Grows without events as well.",
            perTenant: { $0.committedPositionAgeSeconds }
        ),
        Metric(
            "genesys_bridge_oldest_unacknowledged_age_seconds",
            .gauge,
            "Seconds since the oldest batch under way was received, 0 where none is. Growing: Kafka does not answer.",
            perTenant: { $0.oldestUnacknowledgedAgeSeconds ?? 0 }
        ),
        Metric(
            "genesys_bridge_open_transaction_age_seconds",
            .gauge,
            "Seconds since the open transaction began, 0 where none is open. There only with exactly-once.",
            perTenant: { tenant in tenant.splitMessages.map { _ in tenant.openTransactionAgeSeconds ?? 0 } }
        ),
    ]

    private static let events: [Metric] = [
        Metric(
            "genesys_bridge_events_received_total",
            .counter,
            "Events received and taken in.",
            perTenant: { Double($0.counters.events) }
        ),
        Metric(
            "genesys_bridge_events_acknowledged_total",
            .counter,
            "Events whose batch Kafka has acknowledged.",
            perTenant: { Double($0.counters.acknowledgedEvents) }
        ),
        Metric(
            "genesys_bridge_events_repeated_total",
            .counter,
            "Events that came more than once, were recognised and dropped.",
            perTenant: { Double($0.counters.repeatedEvents) }
        ),
        Metric(
            "genesys_bridge_events_dead_lettered_total",
            .counter,
            "Events that went to the dead letters. Above 0: read the tenant's topic of dead letters.",
            perTenant: { Double($0.counters.deadLetteredEvents) }
        ),
        Metric(
            "genesys_bridge_events_without_key_total",
            .counter,
            "Events without an entity, delivered with a null key: they have no order.",
            perTenant: { Double($0.counters.eventsWithoutKey) }
        ),
        Metric(
            "genesys_bridge_events_with_fallback_key_total",
            .counter,
            "Events that had nothing where their key should be, keyed by their entity. Above 0: look at records.key.",
            perTenant: { Double($0.counters.eventsWithFallbackKey) }
        ),
    ]

    private static let messages: [Metric] = [
        Metric(
            "genesys_bridge_messages_received_total",
            .counter,
            "Messages that brought events.",
            perTenant: { Double($0.counters.messages) }
        ),
        Metric(
            "genesys_bridge_messages_fragmented_total",
            .counter,
            "Messages that came in more than one frame.",
            perTenant: { Double($0.counters.fragmentedMessages) }
        ),
        Metric(
            "genesys_bridge_messages_unreadable_total",
            .counter,
            "Messages that could not be read, whether they came whole the second time or not.",
            perTenant: { Double($0.counters.unreadableMessages) }
        ),
        Metric(
            "genesys_bridge_messages_dead_lettered_total",
            .counter,
            "Messages that could not be read and went to the dead letters. Above 0: there is a gap record, too.",
            perTenant: { Double($0.counters.deadLetteredMessages) }
        ),
        Metric(
            "genesys_bridge_messages_without_position_total",
            .counter,
            "Messages that had events and no position: what they brought is committed with the next one.",
            perTenant: { Double($0.counters.messagesWithoutPosition) }
        ),
    ]

    private static let gaps: [Metric] = [
        Metric(
            "genesys_bridge_gap_records_total",
            .counter,
            "Gap records written, by cause. An increase: events may be missing, the tenant's topic of gaps says of when.",
            perCause: { Double($0.records) }
        ),
        Metric(
            "genesys_bridge_gap_seconds_total",
            .counter,
            "How long these gaps are together, in seconds, as far as both ends are known.",
            perCause: { $0.seconds }
        ),
    ]

    private static let spools: [Metric] = [
        Metric(
            "genesys_bridge_spool_bytes",
            .gauge,
            "Bytes that the tenant's spools take. Growing: Kafka takes less than comes.",
            perTenant: { ($0.spool?.bytes).map { Double($0) } }
        ),
        Metric(
            "genesys_bridge_spool_max_bytes",
            .gauge,
            "Bytes that they may take. Where they are full, events are dropped or sockets are not read.",
            perTenant: { ($0.spool?.bytesMax).map { Double($0) } }
        ),
        Metric(
            "genesys_bridge_spool_entries",
            .gauge,
            "Entries of the spools that wait for Kafka, about.",
            perTenant: { ($0.spool?.entries).map { Double($0) } }
        ),
        Metric(
            "genesys_bridge_spool_oldest_age_seconds",
            .gauge,
            "Seconds since the oldest of them was received, about; 0 where nothing waits. Growing: Kafka does not answer.",
            // Something waits that nobody has looked at yet: its age is not known.
            perTenant: { tenant in
                tenant.spool.flatMap { $0.oldestAgeSeconds ?? ($0.entries == 0 ? 0 : nil) }
            }
        ),
        Metric(
            "genesys_bridge_spool_dropped_batches_total",
            .counter,
            "Batches that were dropped because a spool was full or could not be written. Above 0: events are lost.",
            perTenant: { ($0.spool?.droppedBatches).map { Double($0) } }
        ),
    ]
}
