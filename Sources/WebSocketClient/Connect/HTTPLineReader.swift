import NIOCore

/// Takes lines off a stream of bytes, up to a limit for all of them together (RFC 9112 section 2.2).
struct HTTPLineReader {
    static let bytesMax = 64 * 1024

    private var line = ByteBuffer()
    private var byteCount = 0

    /// Whether more came than is read. No further line comes then.
    var isOverLimit: Bool { self.byteCount > Self.bytesMax }

    /// The next line without its end; nil when it is not complete yet, or beyond the limit.
    mutating func next(_ input: inout ByteBuffer) -> String? {
        let view = input.readableBytesView
        let end = view.firstIndex(of: UInt8(ascii: "\n"))
        let length = end.map { $0 - view.startIndex + 1 } ?? view.count
        guard var piece = input.readSlice(length: min(length, Self.bytesMax + 1)) else { return nil }
        self.byteCount += piece.readableBytes
        self.line.writeBuffer(&piece)
        guard end != nil, !self.isOverLimit else { return nil }
        var bytes = self.line.readableBytesView.dropLast()
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        let line = String(decoding: bytes, as: UTF8.self)
        self.line.clear()
        return line
    }

    /// The first bytes of the line that `next` would read.
    func start(_ input: ByteBuffer, count: Int) -> [UInt8] {
        Array((self.line.readableBytesView.prefix(count) + input.readableBytesView.prefix(count)).prefix(count))
    }

    /// Counts from zero again.
    mutating func allowMore() {
        self.byteCount = 0
    }
}
