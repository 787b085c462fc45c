internal import BridgeCore
internal import Locking

/// Decides whether the server is still offered compression (S2.9).
///
/// A message whose compressed bytes are damaged cannot be skipped: what comes behind it may refer to it, so the connection has to end. A
/// retransmission may be whole; where the same happens again at the same position, reconnecting would go on for ever (S2.7). From then on
/// compression is not offered any more, and the message comes plain: whole, or such that it can be skipped.
final class CompressionTrust: Sendable {
    private struct State {
        var isLost = false
        /// Where a compressed connection broke: once each.
        var suspects: [Position?] = []
    }

    /// Streams share it: so many of them may break at positions of their own before the oldest is forgotten.
    private static let suspectsMax = 64

    private let state = Locked(State())

    /// Whether compression may be offered.
    var isKept: Bool { self.state.withLock { !$0.isLost } }

    /// A compressed connection had to be closed for what came behind `position`. Returns true when that loses the trust.
    func broke(behind position: Position?) -> Bool {
        self.state.withLock { state in
            guard !state.isLost else { return false }
            guard state.suspects.contains(position) else {
                state.suspects.append(position)
                if state.suspects.count > Self.suspectsMax { state.suspects.removeFirst() }
                return false
            }
            state.isLost = true
            state.suspects = []
            return true
        }
    }
}
