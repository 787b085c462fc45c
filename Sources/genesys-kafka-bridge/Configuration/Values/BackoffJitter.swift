/// Where a pause is drawn from, for a step d.
enum BackoffJitter: String, CaseIterable, Sendable {
    /// [d, 2d), as the guide has it (S4.1).
    case above
    /// [0, d).
    case full
}
