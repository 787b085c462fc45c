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
    var restBudget: RESTBudget
    var attempts: AttemptHistogram
    var upgradesUnattributed = 0
    var tokenRequestsUnattributed = 0
    var restCallsUnattributed = 0
    var violationsUnattributed: [ClientViolation: Int] = [:]
    private(set) var blocks: AddressBlocks
    /// How long an address is blocked that is told nothing.
    private static let blockSecondsDefault = 60

    private var connectionNumber = 0
    private var contextNumber = 0
    private let contextHash: SeededHash
    /// Chooses whom and what faults hit.
    private var generator: SeededGenerator
    private var channels: [ObjectIdentifier: any Channel] = [:]
    private let start: NIODeadline
    private(set) var isShutDown = false

    init(configuration: SimulatorConfiguration, eventLoop: any EventLoop, logger: Logger, now: NIODeadline) {
        self.configuration = configuration
        self.eventLoop = eventLoop
        self.logger = logger
        self.start = now
        self.rounds = SendingRounds(eventLoop: eventLoop)
        let hash = SeededHash(seed: configuration.seed)
        self.tokens = TokenRegistry(hash: hash.derived(for: "tokens"))
        self.contextHash = hash.derived(for: "contexts")
        self.generator = SeededGenerator(seed: configuration.seed ^ 0x5EED)
        self.attempts = AttemptHistogram(start: now)
        let grace = TimeAmount.milliseconds(Int64(configuration.holdOffGraceMilliseconds))
        self.blocks = AddressBlocks(grace: grace)
        self.restBudget = RESTBudget(
            callsMax: configuration.restCallsPerWindow,
            length: .milliseconds(Int64(configuration.restWindowMilliseconds)),
            grace: grace
        )
        let wall = WallTime(start: now)
        let rounds = self.rounds
        self.tenants = configuration.tenants.indices.map {
            TenantState(
                index: $0,
                configuration: configuration,
                eventLoop: eventLoop,
                rounds: rounds,
                wall: wall,
                now: now
            )
        }
    }

    /// The time, for those who may not read a clock of their own.
    func now() -> NIODeadline { .now() }

    func tenant(named name: String) throws -> TenantState {
        guard let tenant = self.tenants.first(where: { $0.settings.name == name }) else {
            throw SimulatorError.unknownTenant(name)
        }
        return tenant
    }

    /// All tenants without a name.
    func tenants(named name: String?) throws -> [TenantState] {
        guard let name else { return self.tenants }
        return [try self.tenant(named: name)]
    }

    func nextConnectionNumber() -> Int {
        self.connectionNumber += 1
        return self.connectionNumber
    }

    /// The name of a response, by which people look for it.
    func nextContextId() -> String {
        self.contextNumber += 1
        return UniqueIdentifier(hash: self.contextHash, number: self.contextNumber).text
    }

    /// One of them by the seed.
    func choose<Element>(_ candidates: [Element]) -> Element? {
        candidates.randomElement(using: &self.generator)
    }

    /// Refuses upgrades from an address (S3.4).
    func block(_ address: String, retryAfterSeconds: Int?, blockMilliseconds: Int?, now: NIODeadline) {
        let milliseconds = blockMilliseconds ?? (retryAfterSeconds ?? Self.blockSecondsDefault) * 1_000
        self.blocks.block(address, for: .milliseconds(Int64(milliseconds)), now: now)
    }

    /// Whether an upgrade from an address is refused.
    func standing(of address: String, now: NIODeadline) -> AddressBlocks.Standing {
        self.blocks.standing(of: address, now: now)
    }

    /// The clients so far are gone, and what they were told with them.
    func forgetClients() { self.blocks.forget() }

    // MARK: Orders

    func setRate(_ rate: ProductionRate, tenant name: String?, now: NIODeadline) throws {
        for tenant in try self.tenants(named: name) {
            tenant.pace.setRate(rate, offered: tenant.ledger.offered, now: now)
            for stream in tenant.streams.values { stream.sendSoon() }
        }
    }

    func stopProducing(tenant name: String?, now: NIODeadline) throws {
        for tenant in try self.tenants(named: name) {
            tenant.pace.stop(offered: tenant.ledger.offered, now: now)
            tenant.channels.stopProducing(gate: tenant.topicGate, now: now)
            for stream in tenant.streams.values { stream.sendSoon() }
        }
    }

    func snapshot(now: NIODeadline) -> SimulatorSnapshot {
        let tenants = self.tenants.map { $0.snapshot(now: now) }
        return SimulatorSnapshot(
            tenants: tenants,
            upgradesUnattributed: self.upgradesUnattributed,
            tokenRequestsUnattributed: self.tokenRequestsUnattributed,
            restCallsUnattributed: self.restCallsUnattributed,
            upgradeAttemptsPerSecond: self.attempts.counts,
            milliseconds: Int((now - self.start).nanoseconds / 1_000_000),
            faultsFired: tenants.reduce(into: [:]) { $0.merge($1.faultsFired, uniquingKeysWith: +) },
            violations: tenants.reduce(into: self.violationsUnattributed.named) {
                $0.merge($1.violations, uniquingKeysWith: +)
            }
        )
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
        for tenant in self.tenants { tenant.channels.shutDown() }
        let open = Array(self.channels.values)
        for channel in open { channel.close(promise: nil) }
        return .andAllComplete(open.map(\.closeFuture), on: self.eventLoop)
    }
}
