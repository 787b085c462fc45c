import BridgeCore
import BridgeOperations
import BridgeRuntime
import GenesysCloud
import KafkaDelivery

/// What a bridge tells an operator.
enum BridgeHealth {
    /// One entry per tenant. A tenant is ready while its socket is open, its positions can be written, Kafka answers and lets this user in; one
    /// that is merely between two sockets is not, and says why.
    static func report(_ bridge: Bridge) -> HealthReport {
        let now = bridge.clock.now
        let wallMilliseconds = bridge.clock.wallMilliseconds
        let tenants = bridge.tenants.map { tenant in
            Self.health(
                of: tenant,
                bridge.producers.transactions(of: tenant.partition),
                obstacle: bridge.producers.obstacle(of: tenant.partition),
                now: now,
                wallMilliseconds: wallMilliseconds
            )
        }
        return HealthReport(ready: tenants.allSatisfy(\.ready), tenants: tenants)
    }

    private static func health(
        of tenant: TenantParts,
        _ transactions: TransactionSnapshot?,
        obstacle: String?,
        now: Instant,
        wallMilliseconds: Int64
    ) -> TenantHealth {
        let itself = tenant.pipeline.snapshot
        let streams = tenant.pipeline.streams
        let unready = streams.filter { !Self.isReady($0) }
        var reasons = [itself.failure, obstacle.map { "Kafka takes nothing: \($0)" }].compactMap(\.self)
        if let refusal = itself.planRefusal { reasons.append("not all that is wanted is subscribed: \(refusal)") }
        if let failure = itself.listFailure { reasons.append("resources could not be listed: \(failure)") }
        if !itself.unmatched.isEmpty {
            reasons.append("the organization has no \(itself.unmatched.joined(separator: ", no "))")
        }
        if !itself.unplaceable.isEmpty {
            reasons.append("too long for any request: \(itself.unplaceable.joined(separator: ", "))")
        }
        // Nothing opens, and nothing can be listed, without a token.
        if streams.isEmpty || !unready.isEmpty, let refusal = tenant.upstream.tokens.status.lastRefusal {
            reasons.append("no token: \(refusal)")
        }
        for stream in unready {
            let why = Self.reasons(of: stream, now: now)
            // One stream is the tenant; of several each is named.
            reasons += streams.count > 1 ? ["stream \(stream.stream.stream) is \(stream.status.name)"] + why : why
        }
        let pruned = streams.flatMap(\.prunedSubscriptions)
        if !pruned.isEmpty { reasons.append("left out: \(pruned.joined(separator: ", "))") }
        let worst = unready.first ?? streams.first { !$0.isWithoutSubscriptions } ?? streams.first
        return TenantHealth(
            name: tenant.name,
            ready: itself.failure == nil && itself.planRefusal == nil && obstacle == nil && !streams.isEmpty
                && unready.isEmpty,
            state: worst?.status.name ?? (itself.failure == nil ? "listing" : "parked"),
            reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "),
            committedPosition: worst?.committed?.position.value,
            committedPositionAgeSeconds: streams.compactMap(\.committedAtMilliseconds).min().map {
                Double(wallMilliseconds - $0) / 1000
            },
            oldestUnacknowledgedAgeSeconds: streams.compactMap(\.oldestReceivedAt).min().map {
                $0.duration(to: now).inSeconds
            },
            openTransactionAgeSeconds: transactions?.openSince.map { $0.duration(to: now).inSeconds },
            splitMessages: transactions.map { Int($0.splitMessages) },
            inFlightBytes: streams.reduce(0) { $0 + $1.heldBytes },
            reconnects: streams.reduce(0) { $0 + Int($1.endings.values.reduce(0, +)) },
            spool: Self.spool(of: streams, wallMilliseconds: wallMilliseconds),
            gaps: Self.gaps(of: streams),
            counters: Self.counters(of: streams, tenant.upstream.counters.current)
        )
    }

    /// Whether the stream is read, what it brings is kept, its positions are written and Kafka answers.
    static func isReady(_ stream: StreamSnapshot) -> Bool {
        (stream.status == .open || stream.isWithoutSubscriptions) && stream.commitFailure == nil
            && stream.silentSince == nil && Self.spoolTrouble(of: stream) == nil
    }

    /// Why not.
    static func reasons(of stream: StreamSnapshot, now: Instant) -> [String] {
        let silence = stream.silentSince.map { Int($0.duration(to: now).inSeconds) }
        return [
            stream.status.reason, stream.commitFailure.map { "the position cannot be committed: \($0)" },
            silence.map { "Kafka has acknowledged nothing for \($0) s" }, Self.spoolTrouble(of: stream),
        ].compactMap(\.self)
    }

    /// What is wrong with the stream's spool.
    private static func spoolTrouble(of stream: StreamSnapshot) -> String? {
        if let failure = stream.spoolFailure { return failure }
        guard let spool = stream.spool else { return nil }
        if let failure = spool.failure { return "the spool cannot be written: \(failure)" }
        if spool.isDropping {
            return "the spool is full (\(spool.bytesMax) bytes): events are dropped, gap records account for them"
        }
        if spool.isBlocking { return "the spool is full (\(spool.bytesMax) bytes): the sockets are not read" }
        return nil
    }

    /// What all spools of a tenant hold; nil where it has none.
    private static func spool(of streams: [StreamSnapshot], wallMilliseconds: Int64) -> SpoolHealth? {
        let spools = streams.compactMap(\.spool)
        guard !spools.isEmpty else { return nil }
        return SpoolHealth(
            bytes: spools.reduce(0) { $0 + $1.bytes },
            bytesMax: spools.reduce(0) { $0 + $1.bytesMax },
            entries: spools.reduce(0) { $0 + $1.entries },
            oldestAgeSeconds: spools.compactMap(\.oldestMilliseconds).min().map {
                Double(wallMilliseconds - $0) / 1000
            },
            droppedBatches: spools.reduce(0) { $0 + $1.dropped }
        )
    }

    private static func gaps(of streams: [StreamSnapshot]) -> [String: GapHealth] {
        var gaps: [String: GapHealth] = [:]
        for stream in streams {
            for (cause, count) in stream.gaps {
                gaps[cause, default: GapHealth()].records += count
                gaps[cause, default: GapHealth()].seconds += stream.gapSeconds[cause] ?? 0
            }
            // What a spool could not keep, it says itself.
            for (cause, spooled) in stream.spool?.gaps ?? [:] {
                gaps[cause, default: GapHealth()].records += spooled.records
                gaps[cause, default: GapHealth()].seconds += spooled.seconds
            }
        }
        return gaps
    }

    private static func counters(of streams: [StreamSnapshot], _ counts: StreamCounts) -> TenantCounters {
        let sum = { (counter: KeyPath<StreamSnapshot, UInt64>) in streams.reduce(0) { $0 + $1[keyPath: counter] } }
        return TenantCounters(
            messages: counts.messages,
            fragmentedMessages: counts.fragmentedMessages,
            unreadableMessages: counts.defectiveMessages,
            deadLetteredMessages: sum(\.messagesDeadLettered),
            messagesWithoutPosition: sum(\.messagesWithoutPosition),
            events: sum(\.eventsReceived),
            repeatedEvents: sum(\.eventsRepeated),
            eventsWithoutKey: sum(\.eventsWithoutKey),
            eventsWithFallbackKey: sum(\.eventsWithFallbackKey),
            deadLetteredEvents: sum(\.eventsDeadLettered),
            acknowledgedEvents: sum(\.eventsAcknowledged)
        )
    }
}
