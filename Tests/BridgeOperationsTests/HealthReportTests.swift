import BridgeOperations
import Testing

@Suite("Health reports")
struct HealthReportTests {
    @Test("the summary names what is not ready and why")
    func summary() {
        let good = TenantHealth(name: "acme", ready: true, state: "streaming")
        let bad = TenantHealth(name: "beta", ready: false, state: "unauthorized", reason: "needs notification:read")
        #expect(HealthReport(ready: true, tenants: [good]).summary == "ready")
        #expect(HealthReport(ready: false, tenants: []).summary == "not ready")
        #expect(
            HealthReport(ready: false, reason: "stopping", tenants: [good, bad]).summary
                == "not ready: stopping; beta is unauthorized (needs notification:read)"
        )
    }

    @Test("a long position is cut")
    func position() {
        let short = String(repeating: "p", count: 64)
        #expect(TenantHealth(name: "a", ready: true, state: "s", committedPosition: short).committedPosition == short)
        let cut = TenantHealth(name: "a", ready: true, state: "s", committedPosition: short + "p").committedPosition
        #expect(cut == short + "…")
    }
}
