import GenesysSimulator
import Testing

// What can go wrong with streams, tokens, handshakes and messages.

extension ContractCase {
    /// Cases that share a scene: one fault or two of the simulator for each, and nothing else.
    static let streams = Self.connections + Self.handshakes + Self.messages

    private static let connections: [ContractCase] = [
        ContractCase(.connectionLost, "TCP reset", "reset", .pause) { try await $0.inject(.reset) },
        ContractCase(.connectionLost, "close 1001", "going-away", .pause) { try await $0.inject(.goingAway) },
        ContractCase(.connectionLost, "silence, the socket is still read", "half-open", .silence) {
            try await $0.inject(.halfOpen(reads: true))
        },
        ContractCase(.connectionLost, "silence, the socket is not read", "deaf", .silence) {
            try await $0.inject(.halfOpen(reads: false))
        },
        ContractCase(.connectionLost, "stall", "stall", .silence) {
            try await $0.inject(.stall(durationMilliseconds: nil))
        },
        ContractCase(.connectionLost, "stall, then a reset after 300 ms without a byte", "idle", .silence) { stage in
            try await stage.inject(.idleTimeout(milliseconds: 300))
            try await stage.inject(.stall(durationMilliseconds: nil))
        },
        ContractCase(.connectionLost, "a trickle of a byte each 10 ms", "trickle", .silence) {
            try await $0.inject(.slowWrite(bytes: 1, intervalMilliseconds: 10, durationMilliseconds: nil))
        },
        ContractCase(.connectionLost, "pongs that do not come, while messages do", "no-pongs", .noPause) { stage in
            try await stage.inject(.slowRead(bytes: 1, intervalMilliseconds: 1_000, durationMilliseconds: nil))
            try await eventually("a new socket of \(stage.tenant)") {
                try await stage.scene.snapshot(stage.tenant).upgradesAccepted > 1
            }
        },
        ContractCase(.crowd, "close 1012 on one node after another", "drain", .pauses) { stage in
            try await stage.inject(.drain(code: 1012, intervalMilliseconds: 200))
        },
    ]

    private static let handshakes: [ContractCase] = [
        ContractCase(.connectionLost, "reset, then 503 for the new socket", "reject", .twoPauses) { stage in
            try await stage.arm(.rejectUpgrade(status: 503, count: 1))
            try await stage.inject(.reset)
        },
        ContractCase(.connectionLost, "reset, then no answer to the handshake", "hang", .connectTimeout) { stage in
            try await stage.arm(.upgradeHang(count: 1, durationMilliseconds: nil))
            try await stage.inject(.reset)
        },
        ContractCase(.tokenRefused, "close 4001", "expired", .newToken) { try await $0.inject(.tokenExpired) },
        ContractCase(.tokenRefused, "reset, then 401 for the new socket", "unauthorized", .newToken) { stage in
            try await stage.arm(.rejectUpgrade(status: 401, count: 1))
            try await stage.inject(.reset)
        },
        ContractCase(.tokenRefused, "close 4001, then the token service says 401", "token-401", .tokenRetry) { stage in
            try await stage.arm(.tokenRefused(status: 401, count: 1))
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.tokenRefused, "close 4001, then the token service says 503", "token-503", .tokenRetry) { stage in
            try await stage.arm(.tokenServerError(status: 503, count: 1))
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.tokenRefused, "close 4001, then the token service hangs", "token-hang", .tokenTimeout) { stage in
            try await stage.arm(.tokenHang(count: 1, durationMilliseconds: nil))
            try await stage.inject(.tokenExpired)
        },
        ContractCase(.forbidden, "reset, then 403 for the new socket", "forbidden", .newToken) { stage in
            try await stage.arm(.scopeRemoved(count: 1))
            try await stage.inject(.reset)
        },
        ContractCase(.forbidden, "the scope is taken away, and given back after two refusals", "scope", .refusal) {
            stage in
            try await stage.scene.simulator.setMayReadNotifications(false, tenant: stage.tenant)
            try await stage.inject(.reset)
            try await eventually("two refusals of \(stage.tenant)") {
                try await stage.scene.snapshot(stage.tenant).upgradeAnswers["403", default: 0] > 1
            }
            await stage.begin()
            try await stage.scene.simulator.setMayReadNotifications(true, tenant: stage.tenant)
            try await stage.behindIt()
        },
        ContractCase(.sentAgain, "inclusive resume", "inclusive", .pause, repeated: .nothing) { stage in
            try await stage.arm(.inclusiveReplay(count: 1))
            try await stage.inject(.reset)
        },
        ContractCase(.sentAgain, "the same message twice", "twice", .noPause, repeated: .nothing) {
            try await $0.inject(.duplicateBatch(messages: 3))
        },
        ContractCase(
            .sentAgain,
            "inclusive resume behind an event without `eventId`",
            "anonymous",
            .pause,
            tenant: ContractTenant(maxBatchSize: 1)
        ) { stage in
            try await stage.inject(.eventWithoutIdentifier(messages: 1_000_000))
            try await stage.progress()
            try await stage.arm(.inclusiveReplay(count: 1))
            try await stage.inject(.reset)
            // Or the limit of the promise was not touched.
            try await eventually("the repetition of an event without eventId") {
                await stage.scene.audit.duplicated(stage.tenant) == 1
            }
        },
        ContractCase(.positionLost, "HTTP 410", "gone", .twoPauses) { stage in
            try await stage.arm(.positionLost(count: 1, form: .gone))
            try await stage.inject(.reset)
        },
        ContractCase(.positionLost, "HTTP 400 that says so", "gone-400", .twoPauses) { stage in
            try await stage.arm(.positionLost(count: 1, form: .badRequest))
            try await stage.inject(.reset)
        },
        ContractCase(.positionLost, "close 400 that says so", "gone-close", .twoPauses) { stage in
            try await stage.arm(.positionLost(count: 1, form: .close))
            try await stage.inject(.reset)
        },
    ]

    private static let messages: [ContractCase] = [
        ContractCase(.piecemeal, "fragments at any byte, with pings between", "fragments", .noPause) {
            try await $0.inject(.fragmentation(messages: 20, seed: 7))
        },
        ContractCase(.piecemeal, "a slow line, 4 KB each 50 ms", "slow", .noPause) {
            try await $0.inject(.slowWrite(bytes: 4_096, intervalMilliseconds: 50, durationMilliseconds: 1_000))
        },
        ContractCase(.piecemeal, "1000 pings at once", "pings", .noPause) {
            try await $0.inject(.serverPing(count: 1_000, bytes: 125))
        },
        ContractCase(.unreadable, "not JSON, once", "json-once", .pause, lost: .nothing) {
            try await $0.inject(.invalidJSON(messages: 1))
        },
        ContractCase(.unreadable, "not UTF-8, once", "utf8-once", .pause, lost: .nothing) {
            try await $0.inject(.invalidUTF8(messages: 1))
        },
        ContractCase(.unreadable, "too large, once", "large-once", .pause, lost: .nothing) {
            try await $0.inject(.oversizedMessage(bytes: 2 << 20))
        },
        ContractCase(.unreadable, "not JSON, twice", "json-twice", .pause) { stage in
            try await stage.inject(.poison(times: 2))
            try await stage.recovers()
            let refusals = stage.scene.bridge.errors.split(separator: "\n").count {
                $0.contains(stage.tenant) && $0.contains("message is not a batch")
            }
            #expect(refusals == 2, "asked for again once")
        },
        ContractCase(.unreadable, "not UTF-8, twice", "utf8-twice", .pause) {
            try await $0.inject(.poison(times: 2, damage: .invalidUTF8))
        },
        ContractCase(.unreadable, "too large, twice", "large-twice", .pause) {
            try await $0.inject(.poison(times: 2, damage: .oversized(bytes: 2 << 20)))
        },
        ContractCase(.strange, "no `event`", "nameless", .noPause) {
            try await $0.inject(.eventWithoutName(messages: 3))
        },
        ContractCase(.strange, "an `event` that was not subscribed", "stranger", .noPause) {
            try await $0.inject(.unsubscribedEvent(messages: 3))
        },
        ContractCase(.noResource, "no `resourceId`", "no-resource", .noPause) {
            try await $0.inject(.eventWithoutResource(messages: 3))
        },
    ]
}
