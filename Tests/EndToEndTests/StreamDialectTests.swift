import BridgeCore
import BridgeOperations
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// What the dialect promises an operator, with real processes.
@Suite("The dialect from outside", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct StreamDialectTests {
    private static let impatient = "delivery:\n  refusedBackoff: { base: 1s, cap: 1s, jitter: full }\n"

    @Test("a tenant without the scope is not ready, names the scopes it needs, holds up nobody, and comes back (S1.7)")
    func scope() async throws {
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex"])) { scene in
            let bridge = try scene.bridge("scope") { text in
                text.replacingOccurrences(of: "delivery:\n", with: Self.impatient)
            }
            try await eventually("events of both") {
                let globex = await scene.audit.delivered("globex")
                return await scene.delivered() >= 200 && globex >= 200
            }
            try await scene.order("scope", #"{"tenant":"globex","granted":false}"#)
            try await scene.inject(#"{"fault":"reset","tenant":"globex"}"#)
            try await eventually("a reason that names the scope") {
                let ready = try await scene.ask(bridge, "/health/ready")
                return ready.status == 503 && ready.body.contains("globex") && ready.body.contains("HTTP 403")
                    && ready.body.contains("needed: notification:read") && !ready.body.contains("acme is")
            }
            let delivered = await scene.delivered()
            try await eventually("progress of the other") { await scene.delivered() > delivered + 200 }
            try await scene.order("scope", #"{"tenant":"globex","granted":true}"#)
            let before = await scene.audit.delivered("globex")
            try await eventually("progress of the one that may again") {
                await scene.audit.delivered("globex") > before + 200
            }
            try await eventually("readiness") { try await scene.ask(bridge, "/health/ready").status == 200 }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }

    @Test("a server that says 429 sees no attempt of any tenant before its block ends (S3.4)", arguments: [429, 4429])
    func rateLimited(code: Int) async throws {
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex"])) { scene in
            let bridge = try scene.bridge()
            try await eventually("events of both") {
                let globex = await scene.audit.delivered("globex")
                return await scene.delivered() >= 200 && globex >= 200
            }
            let fault = "{\"fault\":\"rateLimited\",\"tenant\":\"acme\",\"code\":\(code),"
            try await scene.order("faults", fault + #""retryAfterSeconds":2,"blockMilliseconds":2000}"#)
            try await eventually("the close") { bridge.errors.contains("closed with \(code)") }
            // The other tenant would come back at once, were the block not on the address.
            try await scene.inject(#"{"fault":"reset","tenant":"globex"}"#)
            let delivered = (await scene.delivered(), await scene.audit.delivered("globex"))
            try await eventually("progress of both") {
                let globex = await scene.audit.delivered("globex")
                return await scene.delivered() > delivered.0 + 200 && globex > delivered.1 + 200
            }
            let snapshot = try await scene.snapshot()
            #expect(snapshot.faultsFired["rateLimited"] == 1 && snapshot.faultsFired["reset"] == 1)
            #expect(snapshot.violations.values.allSatisfy { $0 == 0 }, "\(snapshot.violations)")
            // An attempt right after the block began is no violation, but it is refused.
            for tenant in snapshot.tenants { #expect(tenant.upgradeAnswers["429"] == nil, "\(tenant.upgradeAnswers)") }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }

    @Test(
        "invalid subscriptions are left out and shown; a tenant that has no others is parked, and the rest goes on (S5.1, S5.3, S5.6)",
        arguments: ["correct", "missing", "lying"]
    )
    func invalid(preflight: String) async throws {
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex"])) { scene in
            try await scene.order("preflight", "{\"mode\":\"\(preflight)\"}")
            let bridge = try scene.bridge("invalid") { text in
                let parts = text.components(separatedBy: "    subscriptions:\n")
                let bad = "      - { event: routing.queueEvents, resourceId: nowhere }\n"
                // The first tenant has one that is bad beside its own, the second has nothing else.
                return parts[0] + "    subscriptions:\n" + bad + parts[1] + "    subscriptions:\n" + bad
            }
            try await eventually("events of the first") { await scene.delivered() >= 200 }
            try await eventually("both are shown") {
                let report = try JSONDecoder().decode(
                    HealthReport.self,
                    from: Data(try await scene.ask(bridge, "/status").body.utf8)
                )
                let (acme, globex) = (report.tenants[0], report.tenants[1])
                return acme.ready && acme.reason?.contains("left out: routing.queueEvents:nowhere: ") == true
                    && globex.state == "parked" && globex.reason?.contains("routing.queueEvents:nowhere") == true
            }
            #expect(bridge.errors.contains("a subscription is left out"))
            let delivered = await scene.delivered()
            try await eventually("progress of the first") { await scene.delivered() > delivered + 200 }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }

    @Test("an intermediary that resets a silent connection costs a reconnect and nothing else (S6.2)")
    func idleReset() async throws {
        try await Scene.with(.init(rate: 2_000)) { scene in
            let bridge = try scene.bridge()
            for round in 1...3 {
                let delivered = await scene.delivered()
                try await eventually("progress") { await scene.delivered() > delivered + 200 }
                try await scene.inject(#"{"fault":"idleTimeout","durationMilliseconds":1000}"#)
                try await scene.inject(#"{"fault":"stall"}"#)
                try await eventually("the reset") {
                    try await scene.snapshot().faultsFired["idleTimeout", default: 0] == round
                }
            }
            let report = try await scene.conclude(bridge)
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
            #expect(report.tenants[0].duplicated == 0, "\(report)")
            // The start without a checkpoint; each reconnect resumed.
            #expect(report.tenants[0].gaps == 1, "\(report)")
            #expect(try await scene.snapshot().tenants[0].upgradesAccepted == 4)
        }
    }

    @Test("before its token expires a socket is followed by another, which repeats and loses nothing (S4.8, S4.9)")
    func rollover() async throws {
        var settings = Scene.Settings(rate: 2_000, connection: "  rolloverMargin: 1s")
        settings.simulatorArguments = ["--token-lifetime-seconds", "8"]
        try await Scene.with(settings) { scene in
            let bridge = try scene.bridge()
            try await eventually("three rollovers") {
                bridge.errors.components(separatedBy: "isRollover=true").count > 3
            }
            let report = try await scene.conclude(bridge)
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
            #expect(report.tenants[0].duplicated == 0, "\(report)")
        }
    }
}
