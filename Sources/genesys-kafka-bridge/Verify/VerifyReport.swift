/// The answer of `verify`.
struct VerifyReport: Codable, Hashable {
    var clean: Bool
    var tenants: [VerifiedTenant]

    init(_ tenants: [VerifiedTenant]) {
        self.clean = tenants.allSatisfy(\.isClean)
        self.tenants = tenants
    }

    /// For people.
    var text: String {
        let head = [
            "tenant", "delivered", "duplicated", "out of order", "dead letters", "gap records", "inside gaps",
            "beside gaps", "lost",
        ]
        let rows = self.tenants.map { tenant in
            // Without numbers nobody knows.
            let isKnown = tenant.numbered > 0 || tenant.records == 0
            return [
                tenant.tenant, "\(tenant.delivered)",
                tenant.duplicatedIsEstimate ? "about \(tenant.duplicated)" : "\(tenant.duplicated)",
                isKnown ? "\(tenant.outOfOrder)" : "unknown", "\(tenant.deadLetters.values.reduce(0, +))",
                "\(tenant.gaps.values.reduce(0, +))", isKnown ? "\(tenant.insideGaps)" : "unknown",
                isKnown ? "\(tenant.besideGaps)" : "unknown", isKnown ? "\(tenant.lost)" : "unknown",
            ]
        }
        let table = TextTable(head: head, rows: rows).lines
        var lines = Array(table.prefix(1))
        for (row, tenant) in zip(table.dropFirst(), self.tenants) {
            lines.append(row)
            lines += Self.notes(tenant).map { "  \($0)" }
        }
        for tenant in self.tenants {
            if let keys = tenant.keys { lines += ["", "keys of \(tenant.tenant):"] + Self.lines(keys) }
        }
        lines += ["", self.clean ? "nothing that can be checked is lost or out of order" : "THE TOPICS ARE NOT WHOLE"]
        return lines.joined(separator: "\n")
    }

    private static func notes(_ tenant: VerifiedTenant) -> [String] {
        var notes: [String] = []
        if let first = tenant.firstLost { notes.append("the first lost event: \(first)") }
        if !tenant.deadLetters.isEmpty { notes.append("dead letters: \(AuditScreen.counts(tenant.deadLetters))") }
        if let times = tenant.gapTimes {
            notes += times.map { "gaps: \(AuditScreen.line($0))" }
        } else if !tenant.gaps.isEmpty {
            notes.append("gap records: \(AuditScreen.counts(tenant.gaps))")
        }
        if let unreadable = tenant.gaps["unreadable"], tenant.isOfChannels {
            notes.append("\(unreadable) gap records cannot be read")
        }
        if let rewritten = tenant.rewritten, rewritten > 0 {
            notes.append(
                "\(rewritten) records have a ce_id that was there before: they were written again after a crash"
            )
        }
        notes += Self.unknowns(tenant)
        let unnumbered = tenant.delivered - tenant.numbered
        if tenant.isOfChannels {
            // As far as it goes: the public API has no numbers, and sends nothing again.
            let known = tenant.gaps.isEmpty ? "no gap is recorded" : "complete but for these gaps"
            notes.append(
                "\(known), by the bridge's own account: what it never received carries no number and leaves no trace"
            )
        } else if unnumbered > 0 {
            notes.append("\(unnumbered) events carry no number: whether some are lost or out of order is not known")
        }
        if tenant.unidentified > 0 {
            notes.append("\(tenant.unidentified) records carry neither number nor ce_id: nothing can be said of them")
        }
        if tenant.expired > 0 { notes.append("\(tenant.expired) older records have expired, and were not read") }
        if tenant.skippedOffsets > 0 {
            notes.append("\(tenant.skippedOffsets) offsets hold no record: compacted, expired, or of a transaction")
        }
        if !tenant.missingTopics.isEmpty {
            notes.append("not on the cluster: \(tenant.missingTopics.joined(separator: ", "))")
        }
        return notes
    }

    /// What numbers and times do not tell.
    private static func unknowns(_ tenant: VerifiedTenant) -> [String] {
        var notes: [String] = []
        if tenant.besideGaps > 0 {
            notes.append(
                "\(tenant.besideGaps) numbers are missing next to gaps, whose neighbours leave time outside of them, too: how many came "
                    + "to be there is not known; at equal distances it would be \(tenant.evenlyOutsideGaps)"
            )
        }
        if tenant.undecided > 0 {
            notes.append(
                "\(tenant.undecided) numbers are missing whose neighbours tell no time: whether gaps speak for them is not known"
            )
        }
        if tenant.inFront > 0 {
            notes.append(
                "\(tenant.inFront) numbers are in front of the first events of their topics: whether they should be there is not known"
            )
        }
        if tenant.uncomparedKeys > 0 {
            notes.append(
                "\(tenant.uncomparedKeys) keys have events of topics that no gap record puts on the same channels: the order between "
                    + "those is not known"
            )
        }
        if tenant.unfollowed > 0 {
            notes.append("the order of \(tenant.unfollowed) records was not looked at: there are too many keys")
        }
        return notes
    }

    private static func lines(_ keys: [KeyResult]) -> [String] {
        let head = [
            "key", "delivered", "duplicated", "out of order", "dead letters", "inside gaps", "beside gaps", "lost",
        ]
        let rows = keys.map { key in
            [
                ControlCharacters.escape(String(key.key.prefix(100))), "\(key.delivered)", "\(key.duplicated)",
                "\(key.outOfOrder)", "\(key.deadLettered)", "\(key.insideGaps)",
                "\(key.besideGaps)", "\(key.lost)",
            ]
        }
        return TextTable(head: head, rows: rows).lines
    }
}
