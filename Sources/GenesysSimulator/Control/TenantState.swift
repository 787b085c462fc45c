import NIOCore

/// One tenant as it is now. Belongs to the simulator's event loop.
final class TenantState {
    let index: Int
    let settings: SimulatedTenant
    var writer: EventWriter
    var pace: ProductionPace
    var armed = ArmedFaults()
    var ledger: TenantLedger
    var preflight: PreflightMode
    /// Whether its tokens have the scope `notification:read`.
    var mayReadNotifications: Bool
    /// The resources that a fault deleted or made forbidden.
    var takenAway: [String: FaultKind] = [:]
    /// Positions up to this sequence number are lost for good.
    var lostBefore: Int?
    /// The event that makes its messages unreadable.
    var poison: Poison?
    private(set) var resources: ResourceTable
    /// The open streams by connection number.
    private(set) var streams: [Int: StreamHandler] = [:]

    /// The public notification service.
    let channels: TenantChannels

    init(
        index: Int,
        configuration: SimulatorConfiguration,
        eventLoop: any EventLoop,
        rounds: SendingRounds,
        wall: WallTime,
        now: NIODeadline
    ) {
        let settings = configuration.tenants[index]
        self.index = index
        self.settings = settings
        self.writer = EventWriter(tenant: settings, configuration: configuration)
        self.pace = ProductionPace(rate: settings.rate, now: now)
        self.ledger = TenantLedger(start: now)
        self.preflight = configuration.preflight
        self.mayReadNotifications = settings.mayReadNotifications
        self.resources = ResourceTable(settings.resources)
        self.channels = TenantChannels(
            tenant: settings,
            configuration: configuration,
            eventLoop: eventLoop,
            rounds: rounds,
            wall: wall
        )
    }

    /// Which topics a client may have now.
    var topicGate: TopicGate { TopicGate(settings: self.channels.settings, resources: self.resources) }

    /// The sequence number of the next event that comes to be.
    func present(now: NIODeadline) -> Int {
        self.pace.present(offered: self.ledger.offered, now: now)
    }

    /// The answer to a request whose token has not the scope for notifications; nil when it has.
    func missingScope() -> HTTPReply? {
        self.mayReadNotifications ? nil : .missingScope("notification:read")
    }

    /// What makes a message with these events unreadable; counts it.
    func spendPoison(on sequences: Range<Int>) -> MessageDamage? {
        guard let poison = self.poison, sequences.contains(poison.sequence) else { return nil }
        self.poison?.timesLeft -= 1
        if poison.timesLeft <= 1 { self.poison = nil }
        return poison.damage
    }

    // MARK: Streams

    func opened(_ stream: StreamHandler, now: NIODeadline) {
        self.settle()
        let grant = stream.grant
        let resources = stream.filter.resources
        let had = self.ledger.opened(
            ConnectionSnapshot(
                number: grant.number,
                node: grant.node,
                isOpen: true,
                resumedAt: grant.resumedAt,
                firstSequence: grant.start,
                nextSequence: grant.start
            ),
            resources: resources
        )
        self.ledger.coverage.opened(now: now)
        self.streams[grant.number] = stream
        // What cannot be subscribed to any more, and what the client had not received of it, is gone for the client.
        for (index, entry) in self.resources.entries.enumerated()
        where entry.state != .available
            && !self.streams.values.contains(where: { $0.life.isCovering && $0.filter.covers(index) })
        {
            self.ledger.abandoned(index, at: had)
        }
    }

    func ended(_ stream: StreamHandler) {
        self.ledger.offered(to: stream.nextSequence, resources: stream.filter.resources)
        self.streams[stream.grant.number] = nil
        self.ledger.closed(stream.grant.number)
    }

    func unreadable(_ sequences: Range<Int>, stream: StreamHandler) {
        self.ledger.unreadable(stream.grant.number, sequences: sequences, resources: stream.filter.resources)
    }

    /// Enters what the open streams have offered into the account.
    private func settle() {
        for stream in self.streams.values {
            self.ledger.offered(to: stream.nextSequence, resources: stream.filter.resources)
        }
    }

    // MARK: Resources

    /// - Throws: ``SimulatorError/resourceExists(_:)``.
    func create(_ resource: SimulatedResource, now: NIODeadline) throws {
        let isNew = try self.resources.create(resource)
        self.settle()
        self.beginEpoch(created: isNew ? [resource] : [], now: now)
        self.refilter()
    }

    /// - Returns: the streams that were subscribed to it.
    /// - Throws: ``SimulatorError/unknownResource(_:)``, ``SimulatorError/lastResource(_:)``.
    func delete(_ resourceId: String, now: NIODeadline) throws -> [StreamHandler] {
        let index = try self.resources.delete(resourceId)
        let subscribed = self.streams.values.filter { $0.filter.covers(index) }
        self.settle()
        self.beginEpoch(now: now)
        self.refilter()
        return subscribed
    }

    /// - Returns: the streams that are subscribed to it, or were.
    /// - Throws: ``SimulatorError/unknownResource(_:)``.
    func setForbidden(_ isForbidden: Bool, _ resourceId: String, now: NIODeadline) throws -> [StreamHandler] {
        let index = try self.resources.setForbidden(isForbidden, resourceId)
        let subscribed = self.streams.values.filter { $0.filter.covers(index) }
        self.settle()
        self.refilter()
        return subscribed
    }

    /// A handshake failed for naming this resource: if a fault took it away, the fault has taken effect.
    func noteRefused(_ resourceId: String) {
        if let fault = self.takenAway[resourceId] { self.ledger.fired(fault) }
    }

    private func beginEpoch(created: [SimulatedResource] = [], now: NIODeadline) {
        self.channels.paceAnew(gate: self.topicGate, now: now)
        self.writer.beginEpoch(at: self.present(now: now), resources: self.resources.living, created: created)
    }

    private func refilter() {
        for stream in self.streams.values {
            let covered = Set(stream.filter.resources)
            stream.resourcesChanged()
            // A stream that is silent for good, and whose client may be gone long since, offers nothing more of it.
            guard stream.life.isCovering else { continue }
            let added = stream.filter.resources.filter { !covered.contains($0) }
            self.ledger.refiltered(start: stream.nextSequence, resources: added)
            stream.sendSoon()
        }
    }

    // MARK: Snapshots

    func snapshot(now: NIODeadline) -> TenantSnapshot {
        self.settle()
        let ledger = self.ledger
        let end = self.pace.end(now: now)
        let resources = self.resourceSnapshots()
        return TenantSnapshot(
            name: self.settings.name,
            eventsOffered: ledger.offered,
            eventsProduced: end == .max ? ledger.offered : max(end, ledger.offered),
            firstSequence: ledger.firstSequence,
            skipped: ledger.skipped,
            unreadable: ledger.unreadable,
            alteredEvents: self.alteredEvents(),
            eventsSent: ledger.eventsSent,
            keySequences: self.keySequences(before: ledger.offered),
            resources: resources,
            connectionsOpen: self.streams.count,
            connections: ledger.connections,
            coverage: ledger.coverage.snapshot(now: now),
            upgradeAttempts: ledger.upgradeAttempts,
            upgradeAttemptsPerSecond: ledger.attempts.counts,
            upgradeAnswers: ledger.upgradeAnswers,
            upgradesAccepted: ledger.upgradesAccepted,
            tokenRequests: ledger.tokenRequests,
            tokensIssued: ledger.tokensIssued,
            restCalls: ledger.restCalls,
            restCallsLimited: ledger.restCallsLimited,
            pingsReceived: ledger.pingsReceived,
            pingsSent: ledger.pingsSent,
            pongsReceived: ledger.pongsReceived,
            pongsMatched: ledger.pongsMatched,
            expiriesOnStream: ledger.expiriesOnStream,
            faultsFired: ledger.faultsFired.named,
            violations: ledger.violations.named
        )
    }

    private func alteredEvents() -> [String: [Int]] {
        var result: [String: [Int]] = [:]
        for (sequence, alteration) in self.writer.alterations {
            result[alteration.fault.rawValue, default: []].append(sequence)
        }
        return result.mapValues { $0.sorted() }
    }

    private func keySequences(before sequence: Int) -> [String: Int] {
        var result: [String: Int] = [:]
        for (index, entry) in self.resources.entries.enumerated() {
            result[entry.resource.resourceId] = self.writer.series.keySequenceEnd(of: index, before: sequence)
        }
        return result
    }

    private func resourceSnapshots() -> [ResourceSnapshot] {
        let series = self.writer.series
        return self.resources.entries.enumerated().map { index, entry in
            let account = index < self.ledger.resources.count ? self.ledger.resources[index] : ResourceAccount()
            func key(_ sequence: Int) -> Int { series.keySequenceEnd(of: index, before: sequence) }
            return ResourceSnapshot(
                resourceId: entry.resource.resourceId,
                event: entry.resource.event,
                name: entry.resource.name,
                state: entry.state,
                firstKeySequence: account.first.map(key),
                nextKeySequence: key(account.next),
                skippedKeySequences: account.skipped.map { [key($0.lowerBound), key($0.upperBound)] },
                skippedSequences: account.skipped.map { [$0.lowerBound, $0.upperBound] }
            )
        }
    }
}
