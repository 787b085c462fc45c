import Foundation
import GenesysSimulator
import RDKafka

@testable import genesys_kafka_bridge

/// Reads a scene's topics all the while: which events came when, how often and in which order, dead letters and gap records.
actor ContractAudit {
    private struct Tenant {
        var seen: [AuditedEvent.Place: Int] = [:]
        var withoutIdentifier: Set<AuditedEvent.Place> = []
        /// The newest number of each resource.
        var newest: [String: Int] = [:]
        var outOfOrder = 0
        var deadLettered: Set<AuditedEvent.Place> = []
        var gaps: [String: Int] = [:]
        /// When events came that were the newest so far.
        var arrivals: [Arrival] = []
        /// The same of one resource each.
        var arrivalsByResource: [String: [Arrival]] = [:]
    }

    private struct Arrival {
        var sequence: Int
        var at: ContinuousClock.Instant
    }

    private let consumer: RDKafka.KafkaConsumer
    private var tenants: [String: Tenant] = [:]
    private var unread = 0
    private var problem: (any Error)?

    static func topics(of tenant: String) -> [String] {
        ["events", "dead-letters", "gaps"].map { "genesys.\(tenant).\($0)" }
    }

    init(bootstrapServers: String, tenants: [String]) throws {
        var configuration = KafkaConfiguration.auditConsumer(bootstrapServers: bootstrapServers)
        // The bridge is measured, not the reader.
        configuration["reconnect.backoff.ms"] = "10"
        configuration["reconnect.backoff.max.ms"] = "20"
        // A question that went down with the broker is asked again before the broker drops what nobody has read.
        configuration["socket.timeout.ms"] = "3000"
        self.consumer = try RDKafka.KafkaConsumer(
            configuration: configuration,
            topics: tenants.flatMap(Self.topics)
        )
    }

    /// Reads until cancelled.
    func run() async {
        while !Task.isCancelled, self.problem == nil {
            do {
                self.take(try await self.consumer.next(max: 10_000, timeout: .milliseconds(100)), at: .now)
            } catch {
                self.problem = error
            }
        }
        await self.consumer.close()
    }

    private func take(_ batch: KafkaConsumedBatch, at now: ContinuousClock.Instant) {
        for case .gap(let gap) in batch.events { self.unread += Int(gap.missingCount) }
        for record in batch.records {
            let name = record.topic.split(separator: ".").dropFirst().dropLast().joined(separator: ".")
            var tenant = self.tenants.removeValue(forKey: name) ?? Tenant()
            defer { self.tenants[name] = tenant }
            let value = record.value ?? []
            if record.topic.hasSuffix(".gaps") {
                tenant.gaps[Self.cause(of: value), default: 0] += 1
            } else if record.topic.hasSuffix(".dead-letters") {
                tenant.deadLettered.formUnion(AuditedEvent.all(in: value).map(\.place))
            } else {
                for event in AuditedEvent.all(in: value) {
                    Self.enter(event, hasKey: record.key != nil, value: value, at: now, into: &tenant)
                }
            }
        }
    }

    private static func cause(of gap: [UInt8]) -> String {
        struct Gap: Decodable { var cause: String }
        return (try? JSONDecoder().decode(Gap.self, from: Data(gap)).cause) ?? "unreadable"
    }

    private static func enter(
        _ event: AuditedEvent,
        hasKey: Bool,
        value: [UInt8],
        at now: ContinuousClock.Instant,
        into tenant: inout Tenant
    ) {
        let place = event.place
        tenant.seen[place, default: 0] += 1
        if !value.starts(with: Array(#"{"eventId""#.utf8)) { tenant.withoutIdentifier.insert(place) }
        let arrival = Arrival(sequence: event.sequence, at: now)
        if event.sequence > tenant.arrivals.last?.sequence ?? -1 { tenant.arrivals.append(arrival) }
        if event.sequence > tenant.arrivalsByResource[place.resource]?.last?.sequence ?? -1 {
            tenant.arrivalsByResource[place.resource, default: []].append(arrival)
        }
        // Without a key it is in a partition of its own choice: nobody promises its place among the others.
        guard hasKey else { return }
        let newest = tenant.newest[place.resource] ?? -1
        if tenant.seen[place] == 1, place.number <= newest { tenant.outOfOrder += 1 }
        tenant.newest[place.resource] = max(newest, place.number)
    }

    /// Distinct events of `tenant` so far.
    func delivered(_ tenant: String) -> Int {
        self.tenants[tenant]?.seen.count ?? 0
    }

    /// Records beyond the first of an event.
    func duplicated(_ tenant: String) -> Int {
        self.tenants[tenant]?.seen.values.reduce(0) { $0 + $1 - 1 } ?? 0
    }

    /// When the first event came that was made as number `sequence` or later; nil: none has come.
    func arrival(_ tenant: String, from sequence: Int, resource: String?) -> ContinuousClock.Instant? {
        guard let tenant = self.tenants[tenant] else { return nil }
        let arrivals = resource.map { tenant.arrivalsByResource[$0] ?? [] } ?? tenant.arrivals
        return arrivals.first { $0.sequence >= sequence }?.at
    }

    /// Gap records of `tenant` so far, by cause.
    func gaps(_ tenant: String) -> [String: Int] {
        self.tenants[tenant]?.gaps ?? [:]
    }

    /// What became of everything that `snapshot` says was owed.
    func account(_ snapshot: TenantSnapshot) throws -> ContractAccount {
        if let problem { throw problem }
        let tenant = self.tenants[snapshot.name] ?? Tenant()
        var account = ContractAccount()
        for resource in snapshot.resources {
            guard let first = resource.firstKeySequence, first < resource.nextKeySequence else { continue }
            let skipped = resource.skippedKeySequences.map { $0[0]..<$0[1] }
            for number in first..<resource.nextKeySequence {
                account.sent += 1
                let place = AuditedEvent.Place(resource: resource.resourceId, number: number)
                if tenant.seen[place] != nil { continue }
                if tenant.deadLettered.contains(place) {
                    account.deadLettered += 1
                } else if skipped.contains(where: { $0.contains(number) }) {
                    account.skipped += 1
                } else {
                    account.missing.append(place)
                }
            }
        }
        let twice = tenant.seen.filter { $0.value > 1 }
        account.duplicated = twice.values.reduce(0) { $0 + $1 - 1 }
        account.duplicatedWithIdentifier = twice.keys.count { !tenant.withoutIdentifier.contains($0) }
        account.altered = ["unsubscribedEvent", "eventWithoutName"].reduce(0) {
            $0 + (snapshot.alteredEvents[$1]?.count ?? 0)
        }
        account.outOfOrder = tenant.outOfOrder
        account.gaps = tenant.gaps
        account.violations = snapshot.violations.filter { $0.value > 0 }
        account.unread = self.unread
        account.isDrained = snapshot.eventsOffered == snapshot.eventsProduced
        return account
    }
}
