/// Why a message is not a batch (S2.7): where, and what, but never the bytes themselves.
public struct MessageDefect: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong. The first group is RFC 8259's and RFC 3629's, the second this dialect's (S2.1).
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The text ends inside a value.
        case endsEarly = "ends early"
        /// A byte that the grammar does not allow here.
        case unexpectedByte = "unexpected byte"
        /// More bytes behind the top-level value.
        case trailingBytes = "bytes behind the value"
        /// Not UTF-8: a stray or missing continuation byte, an overlong form, a surrogate, or above U+10FFFF.
        case invalidUTF8 = "invalid UTF-8"
        /// A backslash with something other than RFC 8259's escapes behind it.
        case invalidEscape = "invalid escape"
        /// A control character that stands in a string unescaped.
        case controlCharacter = "control character in a string"
        /// A number with a leading zero, or without a digit where there must be one.
        case invalidNumber = "invalid number"
        /// Nested deeper than `JSONScanner.depthLimit`.
        case tooDeep = "nested too deep"

        /// The top-level value is no object.
        case notAnObject = "not an object"
        /// `events` is neither an array nor null.
        case eventsNotAnArray = "events is not an array"
        /// An element of `events` is no object.
        case eventNotAnObject = "an event is not an object"
        /// The resume point is longer than any URL that could send it back. See `BatchSplitter.positionByteLimit`.
        case positionTooLong = "the position is too long"
        /// An object that has neither `topicName` nor `result` (the `channels` dialect).
        case notANotification = "neither an event nor a control message"
        /// More bytes than a `ByteRange` can name.
        case tooLarge = "too large"
    }

    /// What is wrong.
    public var reason: Reason
    /// The index of the byte at which it was seen.
    public var offset: Int

    /// `reason`, seen at `offset`.
    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// For example `invalid escape at byte 17`.
    public var description: String { "\(self.reason.rawValue) at byte \(self.offset)" }
}
