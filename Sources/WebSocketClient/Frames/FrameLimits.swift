/// What one peer may make us hold.
struct FrameLimits: Equatable, Sendable {
    /// The largest payload of one frame, in bytes.
    var maxFrameBytes: Int
    /// The largest payload of one message, over all its frames, in bytes.
    var maxMessageBytes: Int
    /// The most frames of one message.
    var maxFragments: Int
    /// How much to keep of a message that cannot be read, in bytes; nil: such a message fails the connection.
    var unreadablePrefixBytes: Int?
}
