import NIOCore

/// Reads the head of an HTTP/1 response, and those of the informational ones before it, up to 64 KiB together.
struct HTTPHeadReader {
    enum Outcome: Equatable {
        case needMoreBytes
        /// Status line and headers came in whole.
        case head(UpgradeResponseHead)
        /// Not the head of a response.
        case malformed(Fault)
    }

    enum Fault: Equatable {
        /// What came does not begin like HTTP/1.
        case notHTTP
        /// A line that is no `name: value`.
        case headerLine
        /// More than `HTTPLineReader.bytesMax`.
        case tooLarge
    }

    private enum State: Equatable {
        /// The status line is next. Followed by `.headers`.
        case statusLine
        /// Header lines until an empty one. Followed by `.statusLine`, for the next response's head.
        case headers(UpgradeResponseHead)
    }

    private var state = State.statusLine
    private var lines = HTTPLineReader()

    /// Takes bytes off the front of `input` up to the end of a head. A further call reads the head of the next response.
    mutating func next(_ input: inout ByteBuffer) -> Outcome {
        while true {
            switch self.state {
            case .statusLine:
                guard zip(self.lines.start(input, count: 5), "HTTP/".utf8).allSatisfy({ $0 == $1 }) else {
                    return .malformed(.notHTTP)
                }
                guard let line = self.lines.next(&input) else { return self.incompleteLine }
                guard let head = UpgradeResponseHead(statusLine: line) else { return .malformed(.notHTTP) }
                self.state = .headers(head)
            case .headers(var head):
                guard let line = self.lines.next(&input) else { return self.incompleteLine }
                if line.isEmpty {
                    self.state = .statusLine
                    return .head(head)
                }
                guard head.append(headerLine: line) else { return .malformed(.headerLine) }
                self.state = .headers(head)
            }
        }
    }

    private var incompleteLine: Outcome {
        self.lines.isOverLimit ? .malformed(.tooLarge) : .needMoreBytes
    }
}
