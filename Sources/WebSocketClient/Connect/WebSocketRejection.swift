public import NIOCore

/// A server's answer to the upgrade request other than 101.
public struct WebSocketRejection: Equatable, Sendable {
    /// The HTTP status code.
    public var status: Int
    /// The response's headers, in order, names as they were sent.
    public var headers: [WebSocketHeader]
    /// The beginning of the body: at most 64 KiB, and what came before the deadline.
    public var body: ByteBuffer
    /// Whether there was more of the body.
    public var isBodyTruncated: Bool

    /// Makes a rejection, for example in a test.
    public init(
        status: Int,
        headers: [WebSocketHeader] = [],
        body: ByteBuffer = ByteBuffer(),
        isBodyTruncated: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.isBodyTruncated = isBodyTruncated
    }

    /// The value of the first header of that name, whatever its case.
    public func firstHeader(_ name: String) -> String? {
        self.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

// A server may repeat what it was asked in headers and body: they are for the caller to read, not to be printed by chance.
extension WebSocketRejection: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The status.
    public var description: String { "HTTP status \(self.status)" }

    /// The same as `description`.
    public var debugDescription: String { self.description }

    /// The status.
    public var customMirror: Mirror { Mirror(self, children: ["status": self.status]) }
}
