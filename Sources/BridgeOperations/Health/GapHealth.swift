internal import BridgeCore

/// Gap records of one cause.
public struct GapHealth: Hashable, Sendable, Codable {
    /// The causes that there are.
    static let causes = GapRecord.Cause.allCases.map(\.rawValue)

    /// How many were written since the start.
    public var records: UInt64
    /// How long they are together, as far as both ends are known.
    public var seconds: Double

    /// So many records.
    public init(records: UInt64 = 0, seconds: Double = 0) {
        self.records = records
        self.seconds = seconds
    }
}
