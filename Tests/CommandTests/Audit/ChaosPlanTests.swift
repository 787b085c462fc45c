import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

@Suite("The plan of a chaos run")
struct ChaosPlanTests {
    private func kinds(seed: UInt64, tenant: Int, count: Int) -> [FaultKind] {
        var plan = ChaosPlan(seed: seed, tenant: tenant, of: 2)
        return (0..<count).map { _ in plan.next().kind }
    }

    @Test("follows from its seed")
    func seeded() {
        #expect(self.kinds(seed: 1, tenant: 0, count: 100) == self.kinds(seed: 1, tenant: 0, count: 100))
        #expect(self.kinds(seed: 1, tenant: 0, count: 100) != self.kinds(seed: 2, tenant: 0, count: 100))
    }

    @Test("has every kind of fault once a round, and the tenants together in half of one")
    func complete() {
        let count = FaultKind.allCases.count
        let first = self.kinds(seed: 3, tenant: 0, count: 3 * count)
        for round in 0..<3 {
            #expect(Set(first[(round * count)..<((round + 1) * count)]) == Set(FaultKind.allCases))
        }
        let half = (count + 1) / 2
        let together = first.prefix(half) + self.kinds(seed: 3, tenant: 1, count: half)
        #expect(Set(together) == Set(FaultKind.allCases))
    }

    @Test("brings a postponed fault again in the same round")
    func postponed() {
        var plan = ChaosPlan(seed: 4, tenant: 0, of: 1)
        let first = plan.next().kind
        plan.postpone(first)
        let rest = (0..<FaultKind.allCases.count).map { _ in plan.next().kind }
        #expect(rest.last == first && Set(rest) == Set(FaultKind.allCases))
    }

    @Test("asks for the fault that it names, or takes a resource away")
    func orders() {
        var plan = ChaosPlan(seed: 5, tenant: 0, of: 1)
        for _ in 0..<200 {
            let step = plan.next()
            let matches = step.orders.contains { order in
                switch order {
                case .fault(let fault): fault.kind == step.kind
                case .delete: step.kind == .resourceDeleted
                case .forbid: step.kind == .resourceForbidden
                }
            }
            #expect(matches, "\(step)")
        }
    }
}
