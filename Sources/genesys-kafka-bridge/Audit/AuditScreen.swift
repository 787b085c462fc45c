import BridgeCore

/// Lays out what an audit found, for people.
enum AuditScreen {
    /// What a demo came to.
    static func lines(_ summary: DemoSummary) -> [String] {
        var lines = Self.lines(summary.faults) + Self.lines(summary.audit)
        lines += ["", "reconnects        \(Self.counts(summary.reconnects))"]
        if !summary.channelsMade.isEmpty {
            lines.append("channels made     \(summary.channelsMade.map(String.init).joined(separator: ", "))")
        }
        if summary.producerReplacements > 0 { lines.append("producers replaced   \(summary.producerReplacements)") }
        lines += Self.violations(summary.violations)
        return lines + ["", summary.isClean ? "nothing was lost" : "THE AUDIT FAILED"]
    }

    /// What a soak came to.
    static func lines(_ summary: SoakSummary) -> [String] {
        var lines = Self.lines(summary.faults) + Self.lines(summary.audit) + [""]
        if let growth = summary.growth {
            func mebibytes(_ bytes: Int) -> Int { bytes >> 20 }
            lines += [
                "resident memory   \(mebibytes(growth.residentBytesEarly)) MiB after the first tenth, "
                    + "\(mebibytes(growth.residentBytesLate)) MiB in the last, at most \(mebibytes(growth.residentBytesMax))",
                "descriptors       \(growth.descriptorsEarly) after the first tenth, \(growth.descriptorsLate) in the last, "
                    + "at most \(growth.descriptorsMax)",
            ]
            if growth.hasGrown { lines.append("the bridge has grown") }
        }
        if summary.secondsHeld > 0 {
            lines.append("no events for     \(summary.secondsHeld) s, in which the audit was behind")
        }
        if summary.kills > 0 { lines.append("killed            \(summary.kills) times") }
        if summary.unexpectedEnds > 0 { lines.append("the bridge ended by itself \(summary.unexpectedEnds) times") }
        if summary.exitStatus != 0 { lines.append("the bridge's exit status was \(summary.exitStatus)") }
        lines += Self.violations(summary.violations)
        return lines + ["", summary.isClean ? "nothing was lost" : "THE SOAK FAILED"]
    }

    private static func lines(_ report: AuditReport) -> [String] {
        var lines = ["", "audit: what the simulator sent against what is in Kafka", ""]
        lines.append(
            Self.row([
                "tenant", "sent", "delivered", "dead letters", "inside gaps", "unaccounted", "duplicated",
                "out of order",
            ])
        )
        for tenant in report.tenants {
            let counts = [
                tenant.sent, tenant.delivered, tenant.deadLettered, tenant.insideGaps, tenant.lost, tenant.duplicated,
                tenant.outOfOrder,
            ]
            lines.append(Self.row([tenant.tenant] + counts.map(String.init)))
            if let first = tenant.firstLost { lines.append("  the first lost event: \(first)") }
            if tenant.copied > 0 {
                lines.append("  received twice, on two channels: \(tenant.copied) of what is duplicated")
            }
            lines += tenant.gapTimes.map { "  gaps: \(Self.line($0))" }
        }
        if report.unreadable > 0 { lines.append("\(report.unreadable) records could not be read by the audit") }
        if report.unread > 0 {
            lines.append("\(report.unread) records were dropped by the embedded broker before the audit read them")
        }
        if let problem = report.problem { lines.append("the audit could not read on: \(problem)") }
        return lines
    }

    /// `disconnect, 3 records of 40 topics, 1.25 s`.
    static func line(_ gaps: GapTime) -> String {
        let records = gaps.records == 1 ? "1 record" : "\(gaps.records) records"
        let topics = gaps.topics == 1 ? "1 topic" : "\(gaps.topics) topics"
        let unbounded = gaps.unbounded == 0 ? "" : ", \(gaps.unbounded) of them without beginning or end"
        let seconds = Duration.milliseconds(gaps.milliseconds).inSeconds
        return "\(gaps.cause), \(records) of \(topics), \(seconds) s\(unbounded)"
    }

    private static func lines(_ faults: [FaultTally]) -> [String] {
        guard !faults.isEmpty else { return [] }
        let head = Self.pad("fault", 24) + Self.pad("asked for", 12) + "took effect"
        return ["", head] + faults.map { Self.pad($0.name, 24) + Self.pad("\($0.planned)", 12) + "\($0.fired)" }
    }

    private static func violations(_ violations: [String: Int]) -> [String] {
        guard violations.values.contains(where: { $0 > 0 }) else { return [] }
        return ["the bridge did what a client must not do: \(Self.counts(violations))"]
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { Self.pad($0, 14) }.joined()
    }

    /// `name 3, other 1`.
    static func counts(_ counts: [String: Int]) -> String {
        let shown = counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return shown.isEmpty ? "none" : shown.joined(separator: ", ")
    }

    /// `text` in a column.
    static func pad(_ text: String, _ width: Int) -> String {
        text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
    }
}
