import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

@Suite("The plan of a chaos run")
struct ChaosPlanTests {
    private static func all(isOfChannels: Bool) -> Set<String> {
        let requests: [FaultKind] = [.tokenRefused, .tokenServerError, .tokenHang, .restServerError, .restHang]
        return isOfChannels
            ? Set(ChannelFaultKind.allCases.map(\.rawValue) + requests.map(\.rawValue))
            : Set(FaultKind.allCases.map(\.rawValue))
    }

    private func names(seed: UInt64, tenant: Int, count: Int, isOfChannels: Bool = false) -> [String] {
        var plan = ChaosPlan(seed: seed, tenant: tenant, of: 2, isOfChannels: isOfChannels)
        return (0..<count).map { _ in plan.next().kind.name }
    }

    @Test("follows from its seed", arguments: [false, true])
    func seeded(isOfChannels: Bool) {
        let first = self.names(seed: 1, tenant: 0, count: 100, isOfChannels: isOfChannels)
        #expect(first == self.names(seed: 1, tenant: 0, count: 100, isOfChannels: isOfChannels))
        #expect(first != self.names(seed: 2, tenant: 0, count: 100, isOfChannels: isOfChannels))
    }

    @Test("has every kind of fault once a round, and the tenants together in half of one", arguments: [false, true])
    func complete(isOfChannels: Bool) {
        let all = Self.all(isOfChannels: isOfChannels)
        let first = self.names(seed: 3, tenant: 0, count: 3 * all.count, isOfChannels: isOfChannels)
        for round in 0..<3 {
            #expect(Set(first[(round * all.count)..<((round + 1) * all.count)]) == all)
        }
        let half = (all.count + 1) / 2
        let other = self.names(seed: 3, tenant: 1, count: half, isOfChannels: isOfChannels)
        #expect(Set(first.prefix(half) + other) == all)
    }

    @Test("brings a postponed fault again in the same round")
    func postponed() {
        var plan = ChaosPlan(seed: 4, tenant: 0, of: 1)
        let first = plan.next().kind
        plan.postpone(first)
        let rest = (0..<FaultKind.allCases.count).map { _ in plan.next().kind }
        #expect(rest.last == first && Set(rest.map(\.name)) == Self.all(isOfChannels: false))
    }

    @Test("asks for the fault that it names, or takes a resource away", arguments: [false, true])
    func orders(isOfChannels: Bool) {
        var plan = ChaosPlan(seed: 5, tenant: 0, of: 1, isOfChannels: isOfChannels)
        for _ in 0..<200 {
            let step = plan.next()
            let matches = step.orders.contains { order in
                switch order {
                case .fault(let fault): .fault(fault.kind) == step.kind
                case .channelFault(let fault, _): .channelFault(fault.kind) == step.kind
                case .delete: step.kind == .fault(.resourceDeleted)
                case .forbid: step.kind == .fault(.resourceForbidden)
                }
            }
            #expect(matches, "\(step)")
        }
    }

    @Test("lets what lies in wait for a request be followed by what makes one")
    func requests() {
        var plan = ChaosPlan(seed: 6, tenant: 0, of: 1, isOfChannels: true)
        for _ in 0..<200 {
            let step = plan.next()
            let liesInWait =
                switch step.kind {
                case .fault, .channelFault(.subscriptionRejected), .channelFault(.connectRefused),
                    .channelFault(.connectHang), .channelFault(.restRateLimited):
                    true
                case .channelFault: false
                }
            #expect(step.orders.count == (liesInWait ? 2 : 1), "\(step)")
        }
    }
}
