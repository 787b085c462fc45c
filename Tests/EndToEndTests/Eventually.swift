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
    try await eventually(what, within: deadline, counting: { 0 }, isTrue)
}

/// Waits for a fact that many steps lead to. The deadline counts from the last step: how long all of them take is the machine's affair.
func eventually(
    _ what: String,
    within deadline: Duration = .seconds(120),
    isolation: isolated (any Actor)? = #isolation,
    counting steps: () async throws -> Int,
    _ isTrue: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    var end = start.advanced(by: deadline)
    var last = Int.min
    do {
        while ContinuousClock.now < end {
            if try await isTrue() { return }
            let count = try await steps()
            if count != last {
                last = count
                end = ContinuousClock.now.advanced(by: deadline)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    } catch  where Task.isCancelled {
        // The test's time limit: what it was waiting for is worth more than "cancelled".
        throw NeverHappened(
            description: "\(what) had not come about after \(start.duration(to: .now)), when time was up"
        )
    }
    throw NeverHappened(description: "\(what) never came about in \(start.duration(to: .now))")
}
