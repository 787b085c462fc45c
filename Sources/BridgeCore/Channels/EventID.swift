/// An event's id, as `EventIDSequence` describes it. Making one allocates nothing.
public struct EventID: Hashable, Sendable, CustomStringConvertible {
    private let prefix: [UInt8]
    private let number: UInt64

    /// The `number`-th id of the sequence that `prefix` names.
    init(prefix: [UInt8], number: UInt64) {
        self.prefix = prefix
        self.number = number
    }

    /// Appends the id to `bytes`.
    public func append(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: self.prefix)
        EventIDSequence.append(self.number, digits: 12, to: &bytes)
    }

    /// The id.
    public var description: String {
        var bytes: [UInt8] = []
        self.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
