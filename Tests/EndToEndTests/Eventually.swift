import Foundation

/// A fact that did not come about.
struct NeverHappened: Error, CustomStringConvertible {
    var description: String
}

/// Waits for a fact. The deadline only bounds a test that would otherwise hang; it is far beyond what any fact here takes.
func eventually(
    _ what: String,
    within deadline: Duration = .seconds(120),
    isolation: isolated (any Actor)? = #isolation,
    _ isTrue: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: deadline)
    while ContinuousClock.now < end {
        if try await isTrue() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw NeverHappened(description: "\(what) never came about")
}
