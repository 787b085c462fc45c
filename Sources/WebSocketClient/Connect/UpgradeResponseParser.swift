import NIOCore

/// Reads the answer to an upgrade request (RFC 9112): a 101 up to the first byte after it, any other status with the
/// beginning of its body.
///
/// *Receives* what the socket read. *Hands to* `UpgradeHandler`. *Holds at most* 64 KiB of head and 64 KiB of body.
struct UpgradeResponseParser {
    enum Outcome: Equatable {
        case needMoreBytes
        /// A 101. What is left of the input is the first of the WebSocket frames.
        case switching(UpgradeResponseHead)
        /// Another status, with its body.
        case rejected(WebSocketRejection)
        /// Not HTTP/1.
        case malformed(String)
    }

    private enum Body: Equatable {
        /// `remaining` bytes to come.
        case length(remaining: Int)
        /// Everything until the end of the stream.
        case untilEnd
        /// A line with a chunk's size is next. Followed by `.chunk`, end.
        case chunkSize
        /// `remaining` bytes of a chunk and its line end to come. Followed by `.chunkSize`.
        case chunk(remaining: Int)
    }

    private enum State: Equatable {
        /// The response's head is next. Followed by itself (after 1xx), `.body`, `.ended`.
        case head
        /// Followed by `.ended`.
        case body(UpgradeResponseHead, Body)
        /// Terminal.
        case ended
    }

    static let bodyBytesMax = 64 * 1024

    private var state = State.head
    private var heads = HTTPHeadReader()
    private var chunkLines = HTTPLineReader()
    private var body = ByteBuffer()

    /// Takes bytes off the front of `input` up to the outcome.
    mutating func next(_ input: inout ByteBuffer) -> Outcome {
        while true {
            switch self.state {
            case .head:
                switch self.heads.next(&input) {
                case .needMoreBytes: return .needMoreBytes
                case .malformed(let fault): return self.malformed(Self.describe(fault))
                case .head(let head):
                    if let outcome = self.finishHead(head) { return outcome }
                }
            case .body(let head, let body):
                if let outcome = self.readBody(head, body, from: &input) { return outcome }
            case .ended:
                return .needMoreBytes
            }
        }
    }

    /// Nothing more comes, because the stream ended or the time is over: what has come of a rejection by now, if its
    /// head is complete.
    mutating func interrupt(atEndOfStream: Bool) -> WebSocketRejection? {
        guard case .body(let head, let body) = self.state else { return nil }
        self.state = .ended
        return self.rejection(head, isBodyTruncated: body != .untilEnd || !atEndOfStream)
    }

    // MARK: The head

    private static func describe(_ fault: HTTPHeadReader.Fault) -> String {
        switch fault {
        case .notHTTP: "the server does not speak HTTP/1"
        case .headerLine: "a header line is malformed"
        case .tooLarge: "the response's head is larger than \(HTTPLineReader.bytesMax) bytes"
        }
    }

    private mutating func finishHead(_ head: UpgradeResponseHead) -> Outcome? {
        switch head.status {
        case 101:
            self.state = .ended
            return .switching(head)
        case 100..<200:
            return nil
        default:
            let codings = HTTPGrammar.listElements(head.values(of: "transfer-encoding"))
            let length = head.values(of: "content-length").first
            if codings.last == "chunked" {
                self.state = .body(head, .chunkSize)
            } else if head.status == 204 || head.status == 304 {
                self.state = .body(head, .length(remaining: 0))
            } else if codings.isEmpty, let length {
                guard let length = Int(length), length >= 0 else {
                    return self.malformed("the response's content length is not a number")
                }
                self.state = .body(head, .length(remaining: length))
            } else {
                self.state = .body(head, .untilEnd)
            }
            return nil
        }
    }

    // MARK: The body of a rejection

    private mutating func readBody(_ head: UpgradeResponseHead, _ body: Body, from input: inout ByteBuffer) -> Outcome?
    {
        switch body {
        case .length(let remaining):
            let left = self.take(remaining, from: &input)
            if left == 0 || self.isBodyFull { return self.reject(head, isBodyTruncated: left > 0) }
            self.state = .body(head, .length(remaining: left))
            return .needMoreBytes
        case .untilEnd:
            _ = self.take(input.readableBytes, from: &input)
            return self.isBodyFull ? self.reject(head, isBodyTruncated: true) : .needMoreBytes
        case .chunkSize:
            guard let line = self.chunkLines.next(&input) else { return self.incompleteChunkLine() }
            let digits = HTTPGrammar.trimmed(line.prefix { $0 != ";" })
            guard let size = Int(digits, radix: 16), size >= 0 else {
                return self.malformed("a chunk's size is not a number")
            }
            if size == 0 || self.isBodyFull { return self.reject(head, isBodyTruncated: size > 0) }
            self.chunkLines.allowMore()
            self.state = .body(head, .chunk(remaining: size))
            return nil
        case .chunk(let remaining) where remaining > 0:
            let left = self.take(remaining, from: &input)
            if self.isBodyFull { return self.reject(head, isBodyTruncated: true) }
            self.state = .body(head, .chunk(remaining: left))
            return left == 0 ? nil : .needMoreBytes
        case .chunk:
            guard self.chunkLines.next(&input) != nil else { return self.incompleteChunkLine() }
            self.state = .body(head, .chunkSize)
            return nil
        }
    }

    private mutating func incompleteChunkLine() -> Outcome {
        self.chunkLines.isOverLimit
            ? self.malformed("a chunk's line is longer than \(HTTPLineReader.bytesMax) bytes") : .needMoreBytes
    }

    private var isBodyFull: Bool { self.body.readableBytes >= Self.bodyBytesMax }

    /// Moves up to `count` bytes into the body; returns how many of them are still to come.
    private mutating func take(_ count: Int, from input: inout ByteBuffer) -> Int {
        guard var piece = input.readSlice(length: min(count, input.readableBytes)) else { return count }
        let left = count - piece.readableBytes
        let room = Self.bodyBytesMax - self.body.readableBytes
        if let kept = piece.readSlice(length: min(room, piece.readableBytes)) {
            self.body.writeImmutableBuffer(kept)
        }
        // What had no room counts as not received: the body is cut.
        return left + piece.readableBytes
    }

    private mutating func reject(_ head: UpgradeResponseHead, isBodyTruncated: Bool) -> Outcome {
        self.state = .ended
        return .rejected(self.rejection(head, isBodyTruncated: isBodyTruncated))
    }

    private func rejection(_ head: UpgradeResponseHead, isBodyTruncated: Bool) -> WebSocketRejection {
        WebSocketRejection(
            status: head.status,
            headers: head.headers,
            body: self.body,
            isBodyTruncated: isBodyTruncated
        )
    }

    private mutating func malformed(_ reason: String) -> Outcome {
        self.state = .ended
        return .malformed(reason)
    }
}
