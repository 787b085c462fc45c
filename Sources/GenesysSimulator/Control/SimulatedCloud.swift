import Logging
import NIOCore

/// Everything that the connections of a simulator share.
///
/// It belongs to one event loop, on which every connection of the simulator lives: there are no locks, and a simulator uses
/// one core.
final class SimulatedCloud {
    let configuration: SimulatorConfiguration
    let logger: Logger
    let eventLoop: any EventLoop
    let tenants: [TenantState]
    let rounds: SendingRounds
    var tokens: TokenRegistry
    var upgradesUnattributed = 0
    var tokenRequestsUnattributed = 0
    /// Until then every upgrade is refused with 429 (S3.4).
    private(set) var holdOffEnd: NIODeadline?
    private var connectionNumber = 0
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private var schedule: FaultSchedule?
    private var scheduled: Scheduled<Void>?
    private let start: NIODeadline
    private var isShutDown = false

    init(configuration: SimulatorConfiguration, eventLoop: any EventLoop, logger: Logger, now: NIODeadline) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
        self.start = now
        self.rounds = SendingRounds(eventLoop: eventLoop)
        self.tokens = TokenRegistry(hash: SeededHash(seed: configuration.seed).derived(for: "tokens"))
        self.schedule = configuration.faultSchedule
        self.tenants = configuration.tenants.enumerated().map { index, settings in
            TenantState(
                index: index,
                settings: settings,
                writer: EventWriter(tenant: settings, configuration: configuration),
                pace: ProductionPace(rate: settings.rate, now: now)
            )
        }
    }

    func tenant(named name: String) throws -> TenantState {
        guard let tenant = self.tenants.first(where: { $0.settings.name == name }) else {
            throw SimulatorError.unknownTenant(name)
        }
        return tenant
    }

    /// All tenants without a name.
    private func tenants(named name: String?) throws -> [TenantState] {
        guard let name else { return self.tenants }
        return [try self.tenant(named: name)]
    }

    func nextConnectionNumber() -> Int {
        self.connectionNumber += 1
        return self.connectionNumber
    }

    /// How long an upgrade is still held off.
    func holdOffRemaining(now: NIODeadline) -> TimeAmount? {
        self.holdOffEnd.flatMap { $0 > now ? $0 - now : nil }
    }

    // MARK: Orders

    /// - Returns: how many streams took the fault up, or in how many tenants it lies in wait.
    func inject(_ fault: Fault, tenant name: String?, now: NIODeadline) throws -> Int {
        var reached = 0
        for tenant in try self.tenants(named: name) {
            if tenant.armed.arm(fault) {
                reached += 1
            } else {
                // A copy: a stream that ends leaves the dictionary.
                for stream in Array(tenant.streams.values) where stream.begin(fault, now: now) { reached += 1 }
            }
        }
        if case .rateLimited(_, let seconds) = fault, reached > 0 { self.holdOffEnd = now + .seconds(Int64(seconds)) }
        self.logger.info("fault asked for", metadata: ["fault": "\(fault.kind.rawValue)", "reached": "\(reached)"])
        return reached
    }

    func setRate(_ rate: ProductionRate, tenant name: String?, now: NIODeadline) throws {
        for tenant in try self.tenants(named: name) {
            tenant.pace.setRate(rate, offered: tenant.ledger.offered, now: now)
            for stream in tenant.streams.values { stream.sendSoon() }
        }
    }

    func stopProducing(tenant name: String?, now: NIODeadline) throws {
        for tenant in try self.tenants(named: name) {
            tenant.pace.stop(offered: tenant.ledger.offered, now: now)
            for stream in tenant.streams.values { stream.sendSoon() }
        }
    }

    func snapshot(now: NIODeadline) -> SimulatorSnapshot {
        let tenants = self.tenants.map { $0.snapshot(end: $0.pace.end(now: now)) }
        return SimulatorSnapshot(
            tenants: tenants,
            upgradesUnattributed: self.upgradesUnattributed,
            tokenRequestsUnattributed: self.tokenRequestsUnattributed,
            faultsFired: tenants.reduce(into: [:]) { $0.merge($1.faultsFired, uniquingKeysWith: +) }
        )
    }

    // MARK: The fault schedule

    /// Plans the next fault of the schedule, if there is one.
    func planNextFault(afterMilliseconds milliseconds: Int) {
        guard let planned = self.schedule?.next(afterMilliseconds: milliseconds), !self.isShutDown else { return }
        let time = self.start + .milliseconds(Int64(planned.atMilliseconds))
        self.scheduled = self.eventLoop.assumeIsolated().scheduleTask(deadline: time) {
            let tenant = self.tenants[Int(planned.lot % UInt64(self.tenants.count))].settings.name
            _ = try self.inject(planned.fault, tenant: tenant, now: .now())
            self.planNextFault(afterMilliseconds: planned.atMilliseconds)
        }
    }

    // MARK: The connections

    /// Remembers a connection until it closes, so that a shutdown can end it.
    func track(_ channel: any Channel) {
        guard !self.isShutDown else { return channel.close(promise: nil) }
        let identifier = ObjectIdentifier(channel)
        self.channels[identifier] = channel
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.channels[identifier] = nil }
    }

    /// Ends every connection at once. The future succeeds when all are closed.
    func shutDown() -> EventLoopFuture<Void> {
        self.isShutDown = true
        self.scheduled?.cancel()
        let open = Array(self.channels.values)
        for channel in open { channel.close(promise: nil) }
        return .andAllComplete(open.map(\.closeFuture), on: self.eventLoop)
    }
}
