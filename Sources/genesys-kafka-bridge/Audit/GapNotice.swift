import Foundation

/// A record of the gap topic, as an audit reads it.
struct GapNotice: Hashable {
    /// Event names, with the resource behind a colon where there is one.
    var subscriptions: Set<String>
    /// Why.
    var cause: String
    /// The log of the tenant from here, or from an unknown start.
    var from: Int?
    /// The log of the tenant to here, or to an unknown end.
    var to: Int?

    private struct Fields: Decodable {
        var subscriptions: [String]
        var cause: String
        var from: String?
        var to: String?
    }

    /// Nil when `value` is not a gap record, or has positions that the simulator did not write.
    init?(_ value: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(value)) else { return nil }
        self.subscriptions = Set(fields.subscriptions)
        self.cause = fields.cause
        do {
            self.from = try fields.from.map(Self.sequence)
            self.to = try fields.to.map(Self.sequence)
        } catch {
            return nil
        }
    }

    private struct NotAPosition: Error {}

    /// The simulator's positions hold the number of the next event, before the last full stop.
    private static func sequence(of position: String) throws(NotAPosition) -> Int {
        let parts = position.split(separator: ".")
        guard parts.count >= 3, let sequence = Int(parts[parts.count - 2]) else { throw NotAPosition() }
        return sequence
    }

    /// Whether it speaks for these events.
    func covers(_ skipped: OwedEvents.Skipped, of resource: OwedEvents.Resource) -> Bool {
        guard self.from ?? .min <= skipped.sequences.lowerBound, self.to ?? .max >= skipped.sequences.upperBound
        else { return false }
        return self.subscriptions.contains(resource.event)
            || self.subscriptions.contains("\(resource.event):\(resource.key)")
    }

    /// How many events of a tenant's log between two that were seen it may speak for, of the subscriptions to `key` in `events`.
    func reach(between first: Int, and last: Int, key: String, of events: Set<String>) -> Int {
        guard events.contains(where: { self.subscriptions.contains($0) || self.subscriptions.contains("\($0):\(key)") })
        else { return 0 }
        return max(0, min(self.to ?? .max, last) - max(self.from ?? .min, first + 1))
    }
}
