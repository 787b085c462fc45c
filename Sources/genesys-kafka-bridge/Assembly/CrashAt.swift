import BridgeCore
import Foundation
import Locking

/// Kills this process, as SIGKILL does, the n-th time that it passes a crash point: a drill for what a restart must put right.
final class CrashAt: Sendable {
    private static let points = CrashPoint.allCases.map(\.rawValue) + SpoolCrashPoint.allCases.map(\.rawValue)

    private let point: String
    private let passesLeft: Locked<Int>

    /// Reads `POINT:N`.
    init(_ text: String) throws(CommandFailure) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let point = parts.first.map(String.init), Self.points.contains(point),
            let passes = Int(parts[1]), passes > 0
        else {
            let points = Self.points.joined(separator: ", ")
            throw CommandFailure(.usage, "--crash-at wants POINT:N, where POINT is one of \(points)")
        }
        self.point = point
        self.passesLeft = Locked(passes)
    }

    /// To be called at every crash point.
    func passed(_ point: CrashPoint) { self.passed(point.rawValue) }

    /// To be called at every crash point of a spool.
    func passed(_ point: SpoolCrashPoint) { self.passed(point.rawValue) }

    private func passed(_ point: String) {
        guard point == self.point else { return }
        let isNow = self.passesLeft.withLock { passesLeft in
            passesLeft -= 1
            return passesLeft == 0
        }
        if isNow { kill(getpid(), SIGKILL) }
    }
}
