import GenesysSimulator

/// Makes things go wrong for one tenant, one after another, by a plan.
struct ChaosDirector {
    /// A fault that has not taken effect for so long is given up for now.
    private static let patience = Duration.seconds(10)
    /// The simulator tells nobody when a fault took effect: its account is looked at so often.
    private static let pollInterval = Duration.milliseconds(50)
    /// How long a resource stays forbidden, and how long after a deletion another one is created.
    private static let absence = Duration.milliseconds(1_500)

    let simulator: GenesysSimulator
    let tenant: String
    let counter: FaultCounter
    private var plan: ChaosPlan
    private var createdCount = 0
    private let clock = ContinuousClock()

    init(simulator: GenesysSimulator, tenant: String, counter: FaultCounter, plan: ChaosPlan) {
        self.simulator = simulator
        self.tenant = tenant
        self.counter = counter
        self.plan = plan
    }

    /// Goes on until cancelled, and then gives back what it has taken away.
    mutating func run() async {
        while !Task.isCancelled {
            let step = self.plan.next()
            do {
                if step.waitsForProgress { try await self.progress() }
                let before = try await self.fired(step.kind)
                self.counter.plan(step.kind.name)
                let mending = try await self.order(step)
                let hasFired = try await self.isTrue { try await self.fired(step.kind) > before }
                if !hasFired {
                    // One that had no time to take effect is as good as not asked for.
                    if Task.isCancelled { self.counter.withdraw(step.kind.name) } else { self.plan.postpone(step.kind) }
                }
                // The plan's own pause: faults that come at once would hide each other.
                try? await Task.sleep(for: step.pause)
                try await mending?()
            } catch {
                // What cannot be done now, such as the deletion of the last resource, comes again.
                self.plan.postpone(step.kind)
                // Not in a hot loop.
                try? await Task.sleep(for: Self.pollInterval)
            }
        }
    }

    /// Waits until the tenant was sent something.
    private func progress() async throws {
        let before = try await self.eventsSent()
        _ = try await self.isTrue { try await self.eventsSent() > before }
    }

    private func eventsSent() async throws -> Int {
        let ofStreams = try await self.simulator.snapshot()[tenant: self.tenant]?.eventsSent ?? 0
        return ofStreams + (try await self.simulator.channelsSnapshot(tenant: self.tenant).eventsSent)
    }

    private func fired(_ kind: ChaosKind) async throws -> Int {
        switch kind {
        case .fault(let kind):
            try await self.simulator.snapshot()[tenant: self.tenant]?.faultsFired[kind.rawValue] ?? 0
        case .channelFault(let kind):
            try await self.simulator.channelsSnapshot(tenant: self.tenant).faultsFired[kind.rawValue] ?? 0
        }
    }

    /// - Returns: what has to be done when the step is over.
    private mutating func order(_ step: ChaosStep) async throws -> (() async throws -> Void)? {
        var mending: (() async throws -> Void)?
        for order in step.orders {
            switch order {
            case .fault(let fault): _ = try await self.isTrue { try await self.inject(fault) }
            case .channelFault(let fault, let target):
                _ = try await self.isTrue {
                    try await self.simulator.inject(fault, tenant: self.tenant, target: target) > 0
                }
            case .delete(let closesStreams):
                guard let resource = try await self.listedResource() else { continue }
                let fault = Fault.resourceDeleted(resourceId: resource.resourceId, closesStreams: closesStreams)
                // Once: whether a stream was there for it or not, the resource is gone, and has to come back.
                _ = try await self.inject(fault)
                let successor = self.successor(of: resource)
                mending = { [simulator, tenant] in
                    // How long it is away is the fault.
                    try? await Task.sleep(for: Self.absence)
                    try await simulator.createResource(successor, tenant: tenant)
                }
            case .forbid:
                guard let resource = try await self.listedResource() else { continue }
                let fault = Fault.resourceForbidden(resourceId: resource.resourceId, closesStreams: true)
                _ = try await self.inject(fault)
                mending = { [simulator, tenant] in
                    // How long it is away is the fault.
                    try? await Task.sleep(for: Self.absence)
                    try await simulator.setForbidden(false, resource: resource.resourceId, tenant: tenant)
                }
            }
        }
        return mending
    }

    private func inject(_ fault: Fault) async throws -> Bool {
        try await self.simulator.inject(fault, tenant: self.tenant) > 0
    }

    /// One that can be found by a list, and so can be missed and found anew.
    private func listedResource() async throws -> ResourceSnapshot? {
        _ = try await self.isTrue { try await self.simulator.snapshot()[tenant: self.tenant]?.connectionsOpen ?? 0 > 0 }
        let resources = try await self.simulator.snapshot()[tenant: self.tenant]?.resources ?? []
        let candidates = resources.filter { $0.state == .available && ResourceList(event: $0.event) != nil }
        // The oldest one: over time each has its turn.
        return candidates.count > 1 ? candidates.first : nil
    }

    private mutating func successor(of resource: ResourceSnapshot) -> SimulatedResource {
        self.createdCount += 1
        return SimulatedResource(
            event: resource.event,
            resourceId: "\(self.tenant)-\(self.createdCount)",
            name: resource.name
        )
    }

    /// Waits until `condition` is true; false when it did not come true in time, or when there is no time any more.
    private func isTrue(_ condition: () async throws -> Bool) async throws -> Bool {
        let deadline = self.clock.now + Self.patience
        while self.clock.now < deadline {
            if try await condition() { return true }
            if Task.isCancelled { return false }
            // The simulator counts what has taken effect, and tells nobody.
            try? await Task.sleep(for: Self.pollInterval)
        }
        return false
    }
}

extension GenesysSimulator {
    /// Lets things go wrong for each of these tenants, until cancelled.
    ///
    /// - Parameter areOfChannels: the tenants have channels, and no streams.
    func makeTrouble(
        tenants: [String],
        areOfChannels: Bool = false,
        seed: UInt64,
        counter: FaultCounter = FaultCounter()
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (index, tenant) in tenants.enumerated() {
                var director = ChaosDirector(
                    simulator: self,
                    tenant: tenant,
                    counter: counter,
                    plan: ChaosPlan(seed: seed, tenant: index, of: tenants.count, isOfChannels: areOfChannels)
                )
                group.addTask { await director.run() }
            }
        }
    }
}
