import BridgeCore
import Foundation

/// A record of the gap topic of a source whose only positions are times, as an audit reads it. Milliseconds since 1970.
struct TimedGap: Hashable {
    /// Whose channels bring them; nil where that is not said.
    var stream: String?
    /// The topics that it speaks for.
    var topics: [String]
    /// Why.
    var cause: String
    /// Events from here on may be missing; nil: nobody knows since when.
    var from: Int?
    /// Events up to here may be missing; nil: it lasts.
    var to: Int?

    private struct Fields: Decodable {
        var stream: String?
        var subscriptions: [String]
        var cause: String
        var from: String?
        var to: String?
    }

    private static let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A gap of the given parts.
    init(stream: String? = nil, topics: [String], cause: String, from: Int?, to: Int?) {
        self.stream = stream
        self.topics = topics
        self.cause = cause
        self.from = from
        self.to = to
    }

    /// Nil when `value` is not a gap record, or has positions that are not times.
    init?(_ value: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(value)) else { return nil }
        do {
            self.init(
                stream: fields.stream,
                topics: fields.subscriptions,
                cause: fields.cause,
                from: try fields.from.map(Self.milliseconds),
                to: try fields.to.map(Self.milliseconds)
            )
        } catch {
            return nil
        }
    }

    private static func milliseconds(_ text: String) throws -> Int {
        let seconds = try Self.format.parse(text).timeIntervalSince1970
        guard abs(seconds) < 1e12 else { throw CocoaError(.formatting) }
        return Int((seconds * 1000).rounded())
    }

    /// Whether it ends, for its topics, a gap without an end of this cause, the newest record of which begins at `start`: it says more of the
    /// same, or the process that recorded that one is gone.
    func ends(_ cause: String, openSince start: Int) -> Bool {
        guard let to = self.to, to >= start else { return false }
        switch GapRecord.Cause(rawValue: self.cause) {
        case .restart, .missingCheckpoint: return true
        case .disconnect, .rollover, .eviction, .positionLost, .poison, .spoolFull, .unsubscribed, nil:
            return self.cause == cause && self.from ?? .min <= start
        }
    }
}
