public import BridgeCore

/// Finds the key of a record inside its event.
public enum EventKey {
    /// A value of more bytes than this, as received, is no key: it would be in librdkafka's memory beside the event.
    public static let byteCountMax = 256

    /// What `pointer` leads to in the JSON text at `event`: a string's content, or a number's digits as received. Nil where it leads to
    /// nothing, to an empty string, to a value of another kind or to a long one.
    ///
    /// A string with escapes is appended to `tail`, decoded, and its range is that behind the last of `bytes`.
    @Sendable
    public static func find(
        _ pointer: JSONPointer,
        in bytes: MessageBytes,
        _ event: ByteRange,
        decodingInto tail: inout [UInt8]
    ) -> ByteRange? {
        bytes.withSpan(event) { span in
            try? JSONScanner.scanning(span) { (scanner) throws(MessageDefect) -> ByteRange? in
                scanner.skipSpace()
                guard let token = try scanner.find(pointer.steps), token.count <= Self.byteCountMax else {
                    return nil
                }
                guard token.hasEscapes else {
                    return ByteRange(event.start + token.start..<event.start + token.end)
                }
                let start = bytes.count + tail.count
                scanner.decode(token, into: &tail)
                return ByteRange(start..<bytes.count + tail.count)
            }
        }
    }
}
