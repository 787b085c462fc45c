// What a configuration must be, before anything is started.

extension SimulatorConfiguration {
    /// - Throws: ``SimulatorError/invalidConfiguration(_:)``, naming the setting.
    func validate() throws {
        func require(_ condition: Bool, _ reason: @autoclosure () -> String) throws {
            if !condition { throw SimulatorError.invalidConfiguration(reason()) }
        }
        try require(!self.tenants.isEmpty, "there is no tenant")
        try require(Set(self.tenants.map(\.name)).count == self.tenants.count, "two tenants share a name")
        try require(Set(self.tenants.map(\.clientId)).count == self.tenants.count, "two tenants share a clientId")
        try require((0...65_535).contains(self.port), "port is not in 0...65535")
        try require(self.tokenLifetimeMilliseconds >= 1_000, "tokenLifetimeMilliseconds is below 1000")
        try require(UpgradeLimits.batchSizes.contains(self.batchSizeDefault), "batchSizeDefault is out of range")
        try require(
            UpgradeLimits.latenciesMilliseconds.contains(self.latencyDefaultMilliseconds),
            "latencyDefaultMilliseconds is out of range"
        )
        try require(self.pingIntervalMilliseconds ?? 1 > 0, "pingIntervalMilliseconds is not positive")
        try require(self.idleTimeoutMilliseconds ?? 1 > 0, "idleTimeoutMilliseconds is not positive")
        try require(self.nodeCount > 0, "nodeCount is not positive")
        try require(self.restCallsPerWindow > 0, "restCallsPerWindow is not positive")
        try require(self.restWindowMilliseconds > 0, "restWindowMilliseconds is not positive")
        try require(self.holdOffGraceMilliseconds >= 0, "holdOffGraceMilliseconds is negative")
        try require(self.writeBufferBytesMax >= 2, "writeBufferBytesMax is below 2")
        try require(
            (0..<100_000_000_000_000).contains(self.logStartMilliseconds),
            "logStartMilliseconds is out of range"
        )
        try require(self.eventBytes <= 16 << 20, "eventBytes is above 16 MiB")
        if let large = self.largeEvents {
            try require(large.interval > 0, "largeEvents.interval is not positive")
            try require(
                (self.eventBytes...16 << 20).contains(large.bytes),
                "largeEvents.bytes is not in eventBytes...16 MiB"
            )
        }
        try self.channels.validate()
        for tenant in self.tenants {
            let name = tenant.name
            try require(!tenant.clientId.contains(":"), "the clientId of tenant \(name) has a colon")
            try require(!tenant.resources.isEmpty, "tenant \(name) has no resource")
            try require(tenant.resources.allSatisfy { !$0.eventTypes.isEmpty }, "tenant \(name): no event types")
            try require(
                Set(tenant.resources.map(\.resourceId)).count == tenant.resources.count,
                "two resources of tenant \(name) share a resourceId"
            )
            let least = EventWriter(tenant: tenant, configuration: self).eventByteCountMin
            try require(self.eventBytes >= least, "eventBytes is below \(least), the least for tenant \(name)")
        }
    }

    /// Whether a resource can be added to a tenant.
    func validate(_ resource: SimulatedResource, tenant: SimulatedTenant) throws {
        var alone = tenant
        alone.resources = [resource]
        var configuration = self
        configuration.tenants = [alone]
        try configuration.validate()
    }
}
