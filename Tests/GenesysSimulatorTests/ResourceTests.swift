import GenesysSimulator
import Testing

/// Resources that come and go while streams are open.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct ResourceTests {
    private static let fast: SimulatedTenant = {
        var tenant = acme
        tenant.rate = .eventsPerSecond(3_000)
        return tenant
    }()

    @Test func `an open stream with a platform-wide subscription gets a new resource's events from the first on`()
        async throws
    {
        try await withSimulator(Self.fast) { simulator in
            try await withStream(simulator) { stream in
                _ = try await stream.batchWithEvents()
                let new = SimulatedResource(event: "user.presence", resourceId: "u-9", name: "New")
                try await simulator.createResource(new, tenant: "acme")
                var keys: [Int] = []
                while keys.count < 5 {
                    keys += try await stream.batchWithEvents().keys.filter { $0.resourceId == "u-9" }.map(\.keySequence)
                }
                #expect(keys == Array(0..<keys.count))
                let account = try #require(try await simulator.tenant().resources.last)
                #expect(account.resourceId == "u-9" && account.firstKeySequence == 0)
                #expect(account.nextKeySequence >= keys.count && account.skippedKeySequences.isEmpty)
            }
        }
    }

    @Test func `a deleted resource makes no more events, and the others' key sequences stay dense`() async throws {
        try await withSimulator(Self.fast, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            let gone = acme.resources[1].resourceId
            var next: [String: Int] = [:]
            var position: String?
            try await withStream(simulator, token: token) { stream in
                func take(_ batch: Batch) {
                    for key in batch.keys {
                        #expect(key.keySequence == next[key.resourceId, default: 0])
                        next[key.resourceId] = key.keySequence + 1
                    }
                    position = batch.position
                }
                for _ in 0..<3 { take(try await stream.batchWithEvents()) }
                #expect(try await simulator.deleteResource(gone, tenant: "acme") == 1)
                let end = try await simulator.tenant().eventsProduced
                while next.values.reduce(0, +) < end + 300 { take(try await stream.batchWithEvents()) }
                let truth = try await simulator.tenant()
                let account = try #require(truth.resources.first { $0.resourceId == gone })
                #expect(account.state == .deleted && account.nextKeySequence == next[gone])
                for resource in truth.resources { #expect(resource.firstKeySequence == 0) }
            }
            let before = next
            try await withStream(simulator, token: token, ["lastEventId": try #require(position)]) { stream in
                for key in try await stream.batchWithEvents().keys {
                    #expect(key.keySequence == next[key.resourceId])
                    next[key.resourceId] = key.keySequence + 1
                }
            }
            #expect(next[gone] == before[gone])
            #expect(try await simulator.tenant().skipped.isEmpty)
        }
    }

    @Test func `what came before a resource's end is replayed to a platform-wide subscription`() async throws {
        try await withSimulator(Self.fast, { $0.startAt = .beginning }) { simulator in
            let token = try await token(simulator)
            let first = try await withStream(simulator, token: token) { try await $0.batchWithEvents() }
            try await simulator.deleteResource(acme.resources[2].resourceId, tenant: "acme")
            let again = try await withStream(simulator, token: token) { try await $0.batchWithEvents() }
            #expect(again.events.prefix(first.events.count) == first.events.prefix(again.events.count))
            #expect(first.keys.contains { $0.resourceId == acme.resources[2].resourceId })
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `handshakes that name a lost resource fail, and open streams go on or are closed (S5.1)`(
        isDeleted: Bool,
        closesStreams: Bool
    ) async throws {
        try await withSimulator(Self.fast) { simulator in
            let token = try await token(simulator)
            let list = acme.resources.map(subscription)
            let gone = acme.resources[3].resourceId
            let fault: Fault =
                isDeleted
                ? .resourceDeleted(resourceId: gone, closesStreams: closesStreams)
                : .resourceForbidden(resourceId: gone, closesStreams: closesStreams)
            try await withStream(simulator, token: token, subscriptions: list) { stream in
                _ = try await stream.batchWithEvents()
                #expect(try await simulator.inject(fault) == 1)
                if closesStreams {
                    while try await stream.message() != nil {}
                    #expect(stream.closeCode == 400)
                } else {
                    let end = try await simulator.tenant().eventsProduced
                    while try await stream.batchWithEvents().sequences[0] <= end {}
                    for _ in 0..<3 {
                        let keys = try await stream.batchWithEvents().keys
                        #expect(!keys.contains { $0.resourceId == gone })
                    }
                }
            }
            try await withStream(simulator, token: token, subscriptions: list) { stream in
                let message = try await stream.message()
                #expect(message == nil)
                #expect(stream.closeCode == 400)
            }
            #expect(try await simulator.tenant().faultsFired == [fault.kind.rawValue: 2], "a stream and a handshake")
            let rest = list.filter { !$0.contains(gone) }
            try await withStream(simulator, token: token, subscriptions: rest) { _ = try await $0.batchWithEvents() }
        }
    }

    @Test func `what a client could not subscribe to is not owed to it, by key`() async throws {
        try await withSimulator(Self.fast) { simulator in
            let token = try await token(simulator)
            let lost = acme.resources[0]
            let position = try await withStream(simulator, token: token) { stream in
                let first = try await stream.batchWithEvents()
                _ = try await stream.batchWithEvents()
                return try #require(first.position)
            }
            try await simulator.setForbidden(true, resource: lost.resourceId, tenant: "acme")
            let resumed = try await withStream(simulator, token: token, ["lastEventId": position]) { stream in
                let batch = try await stream.batchWithEvents()
                #expect(!batch.keys.contains { $0.resourceId == lost.resourceId })
                return try #require(batch.position)
            }
            try await until { try await simulator.tenant().connectionsOpen == 0 }
            try await simulator.setForbidden(false, resource: lost.resourceId, tenant: "acme")
            try await withStream(simulator, token: token, ["lastEventId": resumed]) { stream in
                var key: Int?
                while key == nil {
                    key = try await stream.batchWithEvents().keys.first { $0.resourceId == lost.resourceId }?
                        .keySequence
                }
                let accounts = try await simulator.tenant().resources
                let account = try #require(accounts.first { $0.resourceId == lost.resourceId })
                #expect(account.skippedKeySequences.count == 1 && account.skippedKeySequences[0][1] == key)
                #expect(account.state == .available)
                #expect(accounts.filter { !$0.skippedKeySequences.isEmpty }.count == 1)
            }
        }
    }

    @Test func `a stream that is silent for good gives back nothing that was skipped`() async throws {
        try await withSimulator(Self.fast) { simulator in
            let token = try await token(simulator)
            try await withStream(simulator, token: token) { silent in
                let position = try #require(try await silent.batchWithEvents().position)
                try await simulator.inject(.stall(durationMilliseconds: nil))
                try await simulator.inject(.positionLost(count: 1))
                let resume = ["lastEventId": position]
                #expect(try await rejectedUpgrade(simulator, target(token: token, resume)).status == 410)
                try await withStream(simulator, token: token) { stream in
                    _ = try await stream.batchWithEvents()
                    let skipped = try await simulator.tenant().resources.map { $0.skippedKeySequences.first }
                    let id = acme.resources[0].resourceId
                    try await simulator.setForbidden(true, resource: id, tenant: "acme")
                    try await simulator.setForbidden(false, resource: id, tenant: "acme")
                    #expect(skipped.allSatisfy { $0 != nil })
                    #expect(try await simulator.tenant().resources.map { $0.skippedKeySequences.first } == skipped)
                }
            }
        }
    }

    @Test func `the last resource stays`() async throws {
        var tenant = acme
        tenant.resources = [acme.resources[0]]
        try await withSimulator(tenant) { simulator in
            let id = tenant.resources[0].resourceId
            await #expect(throws: SimulatorError.lastResource(id)) {
                try await simulator.deleteResource(id, tenant: "acme")
            }
            try await simulator.setForbidden(true, resource: id, tenant: "acme")
            try await withStream(simulator, subscriptions: [everything[0]]) { stream in
                let message = try await stream.message()
                #expect(message == nil)
                #expect(stream.closeCode == 400, "all subscriptions are invalid (S5.6)")
            }
        }
    }
}
