import BridgeCore
import Testing

/// A fault, what is promised about it, and how it is made.
struct ContractCase: Sendable, CustomTestStringConvertible {
    /// The row of the README's table that it belongs to.
    var row: ContractRow
    /// What goes wrong, for the long table; in a word also the tenant's name.
    var fault: String
    var name: String
    var recovery: Recovery
    /// Where it is less than what the row promises.
    var lost: Lost
    var repeated: Repeated
    var tenant: ContractTenant
    /// Further tenants, to which nothing happens or the same.
    var others: [String]
    /// Whether the tenant delivers before the trouble.
    var isUp: Bool
    /// Where the bridge of a scene that is its own kills itself.
    var crashAt: CrashPoint?
    /// Makes the trouble, and waits for what is to come of it.
    var act: @Sendable (ContractStage) async throws -> Void

    init(
        _ row: ContractRow,
        _ fault: String,
        _ name: String,
        _ recovery: Recovery,
        lost: Lost? = nil,
        repeated: Repeated? = nil,
        tenant: ContractTenant = ContractTenant(),
        others: [String] = [],
        isUp: Bool = true,
        crashAt: CrashPoint? = nil,
        act: @escaping @Sendable (ContractStage) async throws -> Void
    ) {
        self.row = row
        self.fault = fault
        self.name = name
        self.recovery = recovery
        self.lost = lost ?? row.lost
        self.repeated = repeated ?? row.repeated
        self.tenant = tenant
        self.others = others
        self.isUp = isUp
        self.crashAt = crashAt
        self.act = act
    }

    var testDescription: String { self.fault }

    /// All of them, in the order of the rows.
    static let all: [ContractCase] = {
        let cases =
            Self.streams + Self.subscriptions + Self.refusals + Self.rollovers + Self.holdOffs + [Self.herd]
            + Self.alone
        return ContractRow.allCases.flatMap { row in cases.filter { $0.row == row } }
    }()

    /// Runs it: progress, trouble, recovery, progress, account.
    ///
    /// - Returns: what took longer than promised, or could not be read in time, which may be the machine's fault. All else that is broken is an issue.
    func run(in scene: ContractScene) async -> [String] {
        let stage = ContractStage(scene: scene, tenant: self.name)
        do {
            if self.isUp { try await stage.progress() }
            try await self.act(stage)
            try await stage.everythingFires()
            try await stage.recovers()
            try await stage.progress(10)
            let account = try await stage.account()
            // The embedded broker keeps so much and no more, read or not: of what it dropped nobody can say whether it was there.
            guard account.unread == 0 else { return ["the embedded broker dropped \(account.unread) records unread"] }
            let broken = self.judge(account, recovery: await stage.recovery)
            if !broken.isEmpty {
                let story = await stage.story()
                for complaint in broken { Issue.record("\(self.fault) (\(self.name)): \(complaint)\n\(story)") }
            }
            return await stage.lateness + self.lateness(await stage.recovery)
        } catch {
            Issue.record("\(self.fault) (\(self.name)): \(error)\n\(await stage.story())")
            return []
        }
    }

    /// What took longer than promised.
    private func lateness(_ recovery: Duration?) -> [String] {
        guard let limit = self.recovery.limit, let recovery, recovery > limit + Recovery.allowance else { return [] }
        return ["it took \(recovery), \(limit) is promised"]
    }

    /// Compares what happened with what is promised, but for the time, and prints the row of the measured table.
    private func judge(_ account: ContractAccount, recovery: Duration?) -> [String] {
        let measured = self.recovery.limit == nil ? nil : recovery
        print(
            "contract: \(self.tableRow(measured: measured)) of \(account.sent): \(account.missing.count) lost, "
                + "\(account.deadLettered) dead letters, \(account.skipped) in gaps, \(account.duplicated) repeated"
        )
        // What is in flight, and as much that is acknowledged and not committed.
        let window = 2 * ContractScene.inFlightBatches * self.tenant.maxBatchSize
        var broken = self.lost.broken(by: account) + self.repeated.broken(by: account, window: window)
        if account.outOfOrder > 0 { broken.append("\(account.outOfOrder) events are out of order") }
        if !account.violations.isEmpty { broken.append("violations: \(account.violations)") }
        if !account.isDrained { broken.append("the simulator could not send everything") }
        if self.recovery.limit != nil, recovery == nil { broken.append("no time to recover was measured") }
        return broken
    }

    /// Its row of the long table.
    func tableRow(measured: Duration?) -> String {
        func milliseconds(_ duration: Duration?) -> String { duration.map { "\(Int($0 / .milliseconds(1))) ms" } ?? "" }
        let cells = [
            self.fault, self.lost.text, self.repeated.text, self.recovery.text, milliseconds(self.recovery.limit),
            milliseconds(measured),
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }
}
