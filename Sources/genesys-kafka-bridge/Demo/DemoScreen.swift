import BridgeCore
import BridgeRuntime

/// Lays a frame out as lines of text. Pure: whether they overwrite each other is the terminal's affair.
enum DemoScreen {
    /// The live view, one line per entry, at most 100 columns.
    static func lines(_ frame: DemoFrame) -> [String] {
        var lines = [
            "genesys-kafka-bridge demo   \(Self.seconds(frame.elapsed)) of \(Self.seconds(frame.total))",
            "",
            "acknowledged   \(AuditScreen.pad(Self.count(frame.throughput.last ?? 0), 9)) events/s   "
                + Sparkline.draw(frame.throughput, width: 48),
        ]
        for stream in frame.streams { lines += Self.lines(stream, now: frame.now) }
        lines.append("")
        if frame.producerReplacements > 0 { lines.append("producers replaced   \(frame.producerReplacements)") }
        if !frame.faults.isEmpty {
            let kinds = frame.faults.count { $0.fired > 0 }
            let fired = frame.faults.reduce(0) { $0 + $1.fired }
            lines.append("faults   \(kinds) of \(frame.faults.count) kinds took effect, \(fired) times in all")
        }
        return lines
    }

    private static func lines(_ stream: StreamSnapshot, now: Instant) -> [String] {
        let age = stream.oldestReceivedAt.map { Self.milliseconds($0.duration(to: now)) } ?? "-"
        let position = stream.committed.map { Self.shortened($0.position.value, to: 40) } ?? "none yet"
        return [
            "",
            "\(stream.stream.tenant)   \(stream.status.name)\(stream.status.reason.map { ": \(Self.shortened($0, to: 60))" } ?? "")",
            "  received       \(AuditScreen.pad("\(stream.eventsReceived)", 12))   acknowledged  \(stream.eventsAcknowledged)",
            "  in flight      \(AuditScreen.pad("\(stream.heldBatches) batches", 12))   "
                + "\(stream.heldBytes / 1024) of \(stream.heldBytesMax / 1024) KiB",
            "  oldest unacknowledged  \(age)",
            "  committed position     \(position)",
        ] + Self.spoolLines(stream) + [
            "  reconnects     \(AuditScreen.counts(stream.endings.mapValues(Int.init)))"
        ]
    }

    private static func spoolLines(_ stream: StreamSnapshot) -> [String] {
        guard let spool = stream.spool else { return [] }
        let seconds = stream.gapSeconds.values.reduce(0, +)
        return [
            "  spool          \(AuditScreen.pad("\(spool.entries) entries", 12))   \(spool.bytes / 1024) KiB",
            "  gap records    \(AuditScreen.counts(stream.gaps.mapValues(Int.init))), \(Self.count(seconds)) s in all",
        ]
    }

    /// One line for where there is no terminal.
    static func line(_ frame: DemoFrame) -> String {
        let streams = frame.streams.map { stream in
            "\(stream.stream.tenant): \(stream.status.name), received \(stream.eventsReceived), acknowledged "
                + "\(stream.eventsAcknowledged), in flight \(stream.heldBatches) batches, reconnects "
                + AuditScreen.counts(stream.endings.mapValues(Int.init))
        }
        return "\(Self.seconds(frame.elapsed))  \(Self.count(frame.throughput.last ?? 0)) events/s  "
            + streams.joined(separator: "  ")
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
