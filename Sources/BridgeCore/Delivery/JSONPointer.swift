/// Names a value inside a JSON text (RFC 6901): `/eventBody/conversationId`.
public struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// One step inwards.
    public struct Step: Hashable, Sendable {
        /// The member's name, decoded.
        public var name: [UInt8]
        /// Which element of an array is meant; nil where the name is no index.
        public var index: Int?
    }

    /// Steps beyond which a pointer is refused: finding a value costs a frame of the stack for each.
    public static let stepCountMax = 16

    /// The steps, from the outermost value inwards. Empty for the whole text.
    public let steps: [Step]
    /// The pointer as written.
    public let description: String

    /// Reads `text`; nil where it is no pointer, or has too many steps.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts[0].isEmpty, parts.count - 1 <= Self.stepCountMax else { return nil }
        var steps: [Step] = []
        for part in parts.dropFirst() {
            guard let name = Self.decoded(part) else { return nil }
            steps.append(Step(name: name, index: Self.index(name)))
        }
        self.steps = steps
        self.description = text
    }

    /// `~1` stands for a slash and `~0` for a tilde.
    private static func decoded(_ part: some Collection<UInt8>) -> [UInt8]? {
        var name: [UInt8] = []
        var isEscaped = false
        for byte in part {
            switch (isEscaped, byte) {
            case (false, UInt8(ascii: "~")):
                isEscaped = true
                continue
            case (false, _): name.append(byte)
            case (true, UInt8(ascii: "0")): name.append(UInt8(ascii: "~"))
            case (true, UInt8(ascii: "1")): name.append(UInt8(ascii: "/"))
            case (true, _): return nil
            }
            isEscaped = false
        }
        return isEscaped ? nil : name
    }

    /// Digits without a leading zero.
    private static func index(_ name: [UInt8]) -> Int? {
        guard let first = name.first, first != UInt8(ascii: "0") || name.count == 1, name.count <= 9,
            name.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return name.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    }
}
