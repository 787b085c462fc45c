import NIOCore

/// An event's JSON with holes for what differs from one event to the next.
struct BodyTemplate: Sendable, Equatable {
    /// What fills a hole. All of one kind have one width.
    enum Hole: Sendable, Equatable {
        /// The event's number, twelve decimal digits.
        case sequence
        /// The event's time, ISO 8601 with milliseconds.
        case time
        /// The same in milliseconds since 1970, thirteen digits.
        case milliseconds
        /// Which conversation it is, twelve hexadecimal digits.
        case conversation

        var byteCount: Int {
            switch self {
            case .sequence, .conversation: 12
            case .time: 24
            case .milliseconds: 13
            }
        }
    }

    /// A hole and where it is.
    struct Place: Sendable, Equatable {
        let offset: Int
        let hole: Hole
    }

    private(set) var bytes: [UInt8] = []
    private(set) var places: [Place] = []

    mutating func append(_ text: String) {
        self.bytes += Array(text.utf8)
    }

    mutating func append(_ hole: Hole) {
        self.places.append(Place(offset: self.bytes.count, hole: hole))
        self.bytes += Array(repeating: UInt8(ascii: "0"), count: hole.byteCount)
    }

    /// The event of this number.
    ///
    /// - Parameter conversation: the number of the conversation that it is about.
    func filled(sequence: Int, conversation: Int, time: LogicalTime) -> ByteBuffer {
        var buffer = ByteBuffer(bytes: self.bytes)
        var time = time
        let text = time.text(sequence)
        let milliseconds = Self.digits(time.startMilliseconds + sequence, radix: 10, count: 13)
        let number = Self.digits(sequence, radix: 10, count: 12)
        let tail = Self.digits(conversation, radix: 16, count: 12)
        for place in self.places {
            switch place.hole {
            case .sequence: buffer.setString(number, at: place.offset)
            case .time: buffer.setString(text, at: place.offset)
            case .milliseconds: buffer.setString(milliseconds, at: place.offset)
            case .conversation: buffer.setString(tail, at: place.offset)
            }
        }
        return buffer
    }

    /// The last `count` digits.
    private static func digits(_ value: Int, radix: Int, count: Int) -> String {
        let text = String(max(0, value), radix: radix)
        return String(repeating: "0", count: max(0, count - text.count)) + text.suffix(count)
    }
}
