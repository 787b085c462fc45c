import Foundation

/// What the kernel counts for this process, read from /proc.
struct ProcessUsage {
    /// User and system time of all threads, in seconds.
    var cpuSeconds: Double
    /// The largest resident size so far, in bytes.
    var peakBytes: Int

    /// The counts now.
    static var current: ProcessUsage {
        // Ticks are 1/100 s on every Linux that Swift runs on (USER_HZ).
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let fields = stat.drop { $0 != ")" }.split(separator: " ")
        let ticks = fields.count > 13 ? (Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0) : 0
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").dropFirst()
            .first
        return ProcessUsage(cpuSeconds: ticks / 100, peakBytes: (peak.flatMap { Int($0) } ?? 0) * 1024)
    }
}
