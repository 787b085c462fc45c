/// Whether a tenant's client had a stream all the time since its first one.
public struct CoverageSnapshot: Sendable, Equatable, Codable {
    /// Streams that give the client something now: neither closing nor silent for ever.
    public let streamsOpen: Int
    /// The most that were open at once.
    public let streamsOpenMax: Int
    /// When there was none since the first, the newest thousand: begin and end in milliseconds since the simulator's start. One
    /// that is not over ends now.
    public let uncoveredIntervals: [[Int]]
    /// All of them together.
    public let uncoveredMilliseconds: Int
    /// The longest of them.
    public let longestUncoveredMilliseconds: Int
}
