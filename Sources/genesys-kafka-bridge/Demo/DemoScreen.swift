import BridgeCore
import BridgeRuntime

/// Lays a frame out as lines of text. Pure: whether they overwrite each other is the terminal's affair.
enum DemoScreen {
    /// The live view, one line per entry, at most 100 columns.
    static func lines(_ frame: DemoFrame) -> [String] {
        var lines = [
            "genesys-kafka-bridge demo   \(Self.seconds(frame.elapsed)) of \(Self.seconds(frame.total))",
            "",
            "acknowledged   \(Self.pad(Self.count(frame.throughput.last ?? 0), 9)) events/s   "
                + Sparkline.draw(frame.throughput, width: 48),
        ]
        for stream in frame.streams { lines += Self.lines(stream, now: frame.now) }
        lines.append("")
        if frame.producerReplacements > 0 { lines.append("producers replaced   \(frame.producerReplacements)") }
        lines.append("faults injected   \(Self.counts(frame.faults))")
        return lines
    }

    private static func lines(_ stream: StreamSnapshot, now: Instant) -> [String] {
        let age = stream.oldestReceivedAt.map { Self.milliseconds($0.duration(to: now)) } ?? "-"
        let position = stream.committed.map { Self.shortened($0.position.value, to: 40) } ?? "none yet"
        return [
            "",
            "\(stream.stream.tenant)   \(stream.status.name)\(stream.status.reason.map { ": \(Self.shortened($0, to: 60))" } ?? "")",
            "  received       \(Self.pad("\(stream.eventsReceived)", 12))   acknowledged  \(stream.eventsAcknowledged)",
            "  in flight      \(Self.pad("\(stream.heldBatches) batches", 12))   "
                + "\(stream.heldBytes / 1024) of \(stream.heldBytesMax / 1024) KiB",
            "  oldest unacknowledged  \(age)",
            "  committed position     \(position)",
            "  reconnects     \(Self.counts(stream.endings.mapValues(Int.init)))",
        ]
    }

    /// One line for where there is no terminal.
    static func line(_ frame: DemoFrame) -> String {
        let streams = frame.streams.map { stream in
            "\(stream.stream.tenant): \(stream.status.name), received \(stream.eventsReceived), acknowledged "
                + "\(stream.eventsAcknowledged), in flight \(stream.heldBatches) batches, reconnects "
                + Self.counts(stream.endings.mapValues(Int.init))
        }
        return "\(Self.seconds(frame.elapsed))  \(Self.count(frame.throughput.last ?? 0)) events/s  "
            + streams.joined(separator: "  ")
    }

    /// The audit, for people.
    static func lines(_ summary: DemoSummary) -> [String] {
        var lines = ["", "audit: what the simulator sent against what is in Kafka", ""]
        lines.append(
            Self.row(["tenant", "sent", "delivered", "lost", "duplicated", "out of order"])
        )
        for tenant in summary.audit.tenants {
            lines.append(
                Self.row(
                    [tenant.tenant]
                        + [
                            tenant.sent, tenant.delivered, tenant.lost, tenant.duplicated, tenant.outOfOrder,
                        ].map(String.init)
                )
            )
            if let first = tenant.firstLost { lines.append("  the first lost event is sequence \(first)") }
        }
        lines += [
            "", "faults injected   \(Self.counts(summary.faults))",
            "reconnects        \(Self.counts(summary.reconnects))",
        ]
        if summary.audit.unreadable > 0 {
            lines.append("\(summary.audit.unreadable) records carry no sequence number")
        }
        if summary.audit.unread > 0 {
            lines.append(
                "\(summary.audit.unread) records were dropped by the embedded broker before the audit read them"
            )
        }
        if let problem = summary.audit.problem { lines.append("the audit could not read on: \(problem)") }
        lines += ["", summary.audit.isClean ? "nothing was lost" : "THE AUDIT FAILED"]
        return lines
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { Self.pad($0, 14) }.joined()
    }

    private static func counts(_ counts: [String: Int]) -> String {
        let shown = counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return shown.isEmpty ? "none" : shown.joined(separator: ", ")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
    }

    private static func shortened(_ text: String, to count: Int) -> String {
        let shown = ControlCharacters.escape(text)
        return shown.count > count ? shown.prefix(count - 1) + "…" : shown
    }

    private static func count(_ value: Double) -> String { "\(Int(value.rounded()))" }
    private static func seconds(_ duration: Duration) -> String { "\(duration.components.seconds) s" }
    private static func milliseconds(_ duration: Duration) -> String {
        "\(max(0, duration.wholeNanoseconds / 1_000_000)) ms"
    }
}
