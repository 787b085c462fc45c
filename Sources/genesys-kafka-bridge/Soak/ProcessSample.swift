import Foundation

/// What a process holds at one moment, read from /proc.
struct ProcessSample: Codable, Hashable {
    /// Seconds since the beginning.
    var seconds: Int
    /// Memory that is resident, in bytes.
    var residentBytes: Int
    /// Open file descriptors.
    var descriptors: Int

    /// Nil when there is no such process.
    init?(of process: Int32, seconds: Int) {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let resident = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") })?
                .split(separator: " ").dropFirst().first.flatMap({ Int($0) }),
            let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd")
        else { return nil }
        self.seconds = seconds
        self.residentBytes = resident * 1024
        self.descriptors = descriptors.count
    }
}
